import { createHmac, randomBytes } from "node:crypto";
import type { CredentialAnswer, CredentialSource, Credentials } from "../credentials/credentialSource";
import type { IssuedToken, LoginScheme, RegistryTokens, WantedToken } from "../credentials/registryTokens";
import { ImageBuilderError, messageOf } from "../base/errors";
import { canonicalHost } from "../base/imageReference";
import { shorten } from "../text/shorten";
import { visible } from "../text/visible";
import type { Operation } from "../operation/operation";
import { namedLogins, oneLoginOnly } from "./namedLogins";
import type { NamedRegistries } from "./namedRegistries";

/** Facts that determine which credentials a daemon gets. */
export interface LoginPolicy {
  readonly named: NamedRegistries;
  readonly credentials: CredentialSource;
  readonly tokens: RegistryTokens | undefined;
  /** Whether the daemon is reached through a socket on this machine. */
  readonly isHere: boolean;
  /** Whether its BuildKit requests tokens, as Docker's does from 20.10 on. */
  readonly takesTokens: boolean;
}

/** Daemon's request for a token. */
export type SessionTokenRequest = Omit<WantedToken, "login">;

/** Maximum length in messages of names that a daemon sends. */
const longestQuote = 300;

/** Secret of this process, so that a daemon can't derive the credentials that a key represents. */
const processSeed = randomBytes(32);

/**
 * Decides which credentials the daemon of one build gets: only for registries that the build names, and a token instead
 * of a password if the registry issues tokens. A refusal is logged and answered without credentials, so that public
 * images still build.
 */
export class SessionLogins {
  readonly #schemes = new Map<string, Promise<LoginScheme | undefined>>();
  /** By host, the different logins of its repositories. */
  readonly #logins = new Map<string, Promise<readonly CredentialAnswer[]>>();
  readonly #told = new Set<string>();

  constructor(
    private readonly policy: LoginPolicy,
    private readonly operation: Pick<Operation, "log" | "signal">,
  ) {}

  /** Returns the credentials for a registry that requires the password itself; undefined for other registries. */
  async password(asked: string): Promise<CredentialAnswer | undefined> {
    const host = canonicalHost(asked);
    const [login, ...others] = await this.#loginsOf(host);
    if (!login) return undefined;
    if ("registryToken" in login.credentials) {
      return this.#refuse(
        host,
        `No credentials are sent for ${host}: ` +
          `BuildKit requires a password, but ${login.source} has a registry token. ` +
          "Log in with a user name and a password.",
      );
    }
    const scheme = await this.#scheme(host);
    if (scheme === "none") return undefined;
    if (scheme === "token" && this.policy.takesTokens) {
      return this.#refuse(
        host,
        `The daemon requested the password for ${host}, which issues tokens. The password was not sent.`,
      );
    }
    if (scheme !== "password" && !this.policy.isHere) {
      const why =
        scheme === "token"
          ? "the daemon is too old to request a token"
          : `this machine can't check whether ${host} issues tokens`;
      return this.#refuse(
        host,
        `No credentials are sent for ${host}: a password is sent only to a daemon on this machine, because ${why}.`,
      );
    }
    if (others.length > 0) this.#refuse(host, oneLoginOnly(host, login));
    this.#tell(host, `The daemon requested credentials for ${host}. The credentials from ${login.source} were sent.`);
    return login;
  }

  /**
   * Returns the seed of the key that represents the credentials in the daemon; undefined if the daemon gets no tokens.
   */
  async seed(asked: string): Promise<Uint8Array | undefined> {
    const host = canonicalHost(asked);
    const logins = await this.#loginsOf(host);
    if (logins.length === 0 || (await this.#scheme(host)) !== "token") return undefined;
    const texts = logins.map(({ credentials }) => textOf(credentials));
    return createHmac("sha256", processSeed)
      .update([host, ...texts].join("\0"))
      .digest();
  }

  /**
   * Fetches a token that allows the daemon what the build needs, and no more.
   *
   * @throws ImageBuilderError `requestRefused` for scopes that the build doesn't use; errors of fetching
   */
  async token(question: SessionTokenRequest): Promise<IssuedToken> {
    const host = canonicalHost(question.host);
    const [login, { tokens, named }] = [await this.#loginFor(host, question.scopes), this.policy];
    if (!login || !tokens)
      throw refused(`The daemon requested a token for ${quoted([host])}, but this build has no credentials for it`);
    const scopes = named.neededScopes(host, question.scopes);
    if (scopes.length < question.scopes.length || scopes.join() !== question.scopes.join()) {
      this.operation.log.warn(
        `The daemon requested a token for ${quoted(question.scopes)} at ${quoted([host])}; ` +
          `this build needs ${quoted(scopes) || "none of it"}.`,
      );
    }
    if (scopes.length === 0 && question.scopes.length > 0)
      throw refused(
        `The daemon requested a token for ${quoted(question.scopes)} at ${quoted([host])}, which this build ` +
          "doesn't use",
      );
    const issued = await tokens.fetch({ ...question, host, scopes, login }, this.operation.signal);
    this.#tell(
      host,
      `The daemon requested credentials for ${host}. ` +
        `A short-lived token was sent, issued with the credentials from ${login.source}.`,
    );
    return issued;
  }

  /**
   * Finds the credentials for a host, once. Only logs the failure of a source, because public images need no
   * credentials.
   */
  #loginsOf(host: string): Promise<readonly CredentialAnswer[]> {
    const known = this.#logins.get(host);
    if (known) return known;
    const found = this.#find(host).catch((error: unknown) => {
      this.#refuse(host, `No credentials are sent for ${host}: ${messageOf(error)}`);
      return [];
    });
    this.#logins.set(host, found);
    return found;
  }

  /** Returns the credentials for the repository of a token's scopes. */
  async #loginFor(host: string, scopes: readonly string[]): Promise<CredentialAnswer | undefined> {
    const [first, ...others] = await this.#loginsOf(host);
    const repository = /^repository:([^:]+):/.exec(scopes[0] ?? "")?.[1];
    if (others.length === 0 || repository === undefined) return first;
    return (await this.policy.credentials.find(host, { repository, signal: this.operation.signal })) ?? first;
  }

  async #find(host: string): Promise<readonly CredentialAnswer[]> {
    const { named, isHere, credentials } = this.policy;
    const isNamed = named.names(host);
    if (!isNamed && !(named.mayBeMore && isHere)) {
      const hint = named.mayBeMore
        ? " Use the full name of the image, without a variable, or build on this machine."
        : "";
      this.#refuse(
        host,
        `The daemon requested credentials for ${quoted([host])}, which this build doesn't use. ` +
          `They were not sent.${hint}`,
      );
      return [];
    }
    const logins = await namedLogins(named, host, credentials, this.operation.signal);
    if (logins.length > 0 && !isNamed)
      this.operation.log.warn(
        `The daemon requested credentials for ${host}, which the Dockerfile doesn't name directly. ` +
          "They were sent because the daemon is on this machine.",
      );
    return logins;
  }

  /** Returns undefined if the scheme can't be determined. */
  #scheme(host: string): Promise<LoginScheme | undefined> {
    const known = this.#schemes.get(host);
    if (known) return known;
    const asked = this.#askScheme(host);
    this.#schemes.set(host, asked);
    return asked;
  }

  async #askScheme(host: string): Promise<LoginScheme | undefined> {
    try {
      return await this.policy.tokens?.schemeOf(host, this.operation.signal);
    } catch (error) {
      this.operation.log.warn(`Can't determine whether ${host} issues tokens: ${messageOf(error)}`);
      return undefined;
    }
  }

  #refuse(host: string, why: string): undefined {
    if (this.#told.has(why)) return undefined;
    this.#told.add(why);
    this.operation.log.warn(why);
    return undefined;
  }

  #tell(host: string, what: string): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.operation.log.info(what);
  }
}

/** Formats names for a message: in one line, and shortened. */
function quoted(names: readonly string[]): string {
  return shorten(visible(names.join(", ")), longestQuote);
}

function textOf(credentials: Credentials): string {
  return JSON.stringify(Object.entries(credentials).sort());
}

function refused(what: string): ImageBuilderError {
  return new ImageBuilderError("requestRefused", `${what}. Check that the daemon can be trusted.`);
}
