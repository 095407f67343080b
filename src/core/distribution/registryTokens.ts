import type { CredentialAnswer } from "../credentials/credentialSource";
import type {
  IssuedToken,
  LoginScheme,
  RefusedImage,
  RegistryTokens,
  WantedToken,
} from "../credentials/registryTokens";
import { secretOf, withoutSecrets } from "../credentials/withoutSecrets";
import { ImageBuilderError } from "../base/errors";
import { askReason } from "./askReason";
import { RegistryConnection, type RegistryPlace } from "./registryConnection";

/** Gets tokens from the registries themselves: the daemon's information about a registry is not trusted. */
export class DistributionTokens implements RegistryTokens {
  readonly #connections = new Map<string, RegistryConnection>();

  /** @param place returns how to connect to a registry, without credentials */
  constructor(private readonly place: (host: string) => Omit<RegistryPlace, "credentials" | "host">) {}

  async schemeOf(host: string, signal: AbortSignal): Promise<LoginScheme> {
    const challenge = await this.#to(host).challenge(signal);
    return challenge === undefined ? "none" : challenge.scheme === "bearer" ? "token" : "password";
  }

  async fetch({ host, login, scopes, realm, service }: WantedToken, signal: AbortSignal): Promise<IssuedToken> {
    const connection = this.#to(host);
    const challenge = await connection.challenge(signal);
    if (challenge?.scheme !== "bearer") throw refused(`${host} doesn't issue tokens`);
    if (!isSamePlace(challenge.realm, realm) || (challenge.service ?? "") !== service) {
      throw refused(
        `the daemon names a different token service for ${host} than the registry does (${challenge.realm})`,
      );
    }
    try {
      const { token, expiresAtMs } = await connection.fetchToken(login, scopes, signal);
      return { token, expiresInSeconds: Math.max(1, Math.round((expiresAtMs - Date.now()) / 1000)) };
    } catch (error) {
      throw withoutSecrets(error, [secretOf(login.credentials)]);
    }
  }

  async whyRefused(
    { host, path, reference }: RefusedImage,
    login: CredentialAnswer | undefined,
    signal: AbortSignal,
  ): Promise<ImageBuilderError | undefined> {
    const place = { ...this.place(host), host, credentials: async () => login };
    return askReason(place, { action: "pull", path, reference }, signal);
  }

  #to(host: string): RegistryConnection {
    const known =
      this.#connections.get(host) ??
      new RegistryConnection({ ...this.place(host), host, credentials: async () => undefined });
    this.#connections.set(host, known);
    return known;
  }
}

/** Compares two URLs without their query, which may differ between requests; the registry's own URL is used. */
function isSamePlace(one: string, other: string): boolean {
  const [here, there] = [one, other].map((each) => (URL.canParse(each) ? new URL(each) : undefined));
  return here !== undefined && here.origin === there?.origin && here.pathname === there.pathname;
}

function refused(why: string): ImageBuilderError {
  return new ImageBuilderError(
    "requestRefused",
    `No token was sent to the daemon, because ${why}. Check that the daemon can be trusted.`,
  );
}
