import type { CredentialAnswer } from "../credentials/credentialSource";
import { SecretMask } from "../credentials/secretMask";
import { secretOf } from "../credentials/withoutSecrets";
import { maskedOperation } from "../engine/maskedOperation";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { ImplementationServices } from "./services";
import { ownsImageName, parseImageReference, registryHost, registryPlace } from "../base/imageReference";
import type { Operation } from "../operation/operation";
import type { RegistryPlace } from "../distribution/registryConnection";
import type { RegistryConfig } from "./registryConfig";

/**
 * A registry images are pushed to; flavors subclass it where their service wants more (ZenML's
 * `BaseContainerRegistry`).
 */
export class ContainerRegistry {
  constructor(
    readonly name: string,
    readonly config: RegistryConfig,
    protected readonly services: ImplementationServices,
  ) {}

  /** Whether the registry runs on this machine, by ZenML's rule: `localhost` with a port of four or five digits. */
  get isLocal(): boolean {
    return /^localhost:[0-9]{4,5}$/.test(this.config.uri);
  }

  /** Whether a stored secret is configured for it. */
  get requiresAuthentication(): boolean {
    return this.config.authenticationSecret !== undefined;
  }

  /**
   * The credentials for this registry and where they came from: its own secret, its connector, then the user's Docker
   * configuration; nothing means anonymous.
   *
   * @throws ImageBuilderError `credentialsFailed` when a source that should have answered could not, or what its
   * connector throws
   */
  async credentials(signal?: AbortSignal): Promise<CredentialAnswer | undefined> {
    const host = registryHost(this.config.uri);
    const { credentials, connector } = this.services;
    if (this.requiresAuthentication || !connector)
      return credentials.find(host, this.config.authenticationSecret, signal);
    return connector.credentials(host, { signal });
  }

  /** How the registry itself is asked about its images: `new RegistryClient(registry.place(signal))`. */
  place(signal: AbortSignal = new AbortController().signal): RegistryPlace {
    const host = registryHost(this.config.uri);
    return {
      host,
      credentials: () => this.credentials(signal),
      insecure: async () =>
        /^http:\/\//i.test(this.config.uri) || (await this.services.engine.client()).isInsecureRegistry(host, signal),
      http: this.services.cloud?.http,
      owns: (repository) => isOwn(this.config.uri, `${host}/${repository}`),
    };
  }

  /**
   * Refuses a name that does not belong here: another host, or not below the registry's path by whole segments.
   *
   * @throws ImageBuilderError `imageForeign`, with both names
   */
  checkOwns(imageName: string): void {
    if (ownsImageName(this.config.uri, imageName)) return;
    throw new ImageBuilderError(
      "imageForeign",
      `The image "${imageName}" does not belong to the registry "${this.name}" (${this.config.uri}). ` +
        `Its name must begin with "${registryPlace(this.config.uri)}/".`,
    );
  }

  /** What must be so before an image can be pushed; flavors whose service wants repositories made first override it. */
  protected async prepareImagePush(_imageName: string, _operation: Operation): Promise<void> {}

  /**
   * Makes everything ready for a push that does not go through the daemon.
   *
   * @returns how the registry is reached
   * @throws ImageBuilderError `imageForeign` when the name belongs to another registry
   */
  async preparePush(imageName: string, operation: Operation): Promise<RegistryPlace> {
    this.checkOwns(imageName);
    await this.prepareImagePush(imageName, operation);
    return this.place(operation.signal);
  }

  /**
   * Pushes an image that the daemon has.
   *
   * @returns the `repoDigest`, `name@sha256:…`
   * @throws ImageBuilderError `imageForeign` when the name belongs to another registry, `pushFailed` with the
   * registry's own words
   */
  async pushImage(imageName: string, operation: Operation): Promise<string> {
    this.checkOwns(imageName);
    await this.prepareImagePush(imageName, operation);
    const answer = await this.credentials(operation.signal);
    const { isRateLimited } = await import("../engine/push");
    try {
      return await this.#push(imageName, answer, operation);
    } catch (error) {
      if (isRateLimited(error)) throw await this.#withWait(error, imageName, operation.signal);
      const renewed = isRefusedLogin(error) ? await this.#renewedLogin(operation.signal) : undefined;
      if (!renewed) throw error;
      operation.log.info(
        `${this.config.uri} no longer accepts the login from ${renewed.source}. Pushing with a new one.`,
      );
      return this.#push(imageName, renewed, operation);
    }
  }

  /**
   * Pulls an image into the daemon.
   *
   * @param imageName with a tag or a digest
   * @throws ImageBuilderError `imageForeign` when the name belongs to another registry, `pullFailed` with the daemon's
   * words
   */
  async pullImage(imageName: string, operation: Operation): Promise<void> {
    this.checkOwns(imageName);
    const answer = await this.credentials(operation.signal);
    const [client, { pullImage }, { whileAlive }] = await Promise.all([
      this.services.engine.client(),
      import("../engine/pull"),
      import("../engine/heartbeat"),
    ]);
    const mask = maskOf(answer);
    await whileAlive(client, operation, (alive) =>
      pullImage(client, imageName, answer?.credentials, maskedOperation(alive, mask)),
    ).catch((error: unknown) => {
      throw mask.withoutSecrets(error);
    });
  }

  async #push(imageName: string, answer: CredentialAnswer | undefined, operation: Operation): Promise<string> {
    operation.log.info(
      `Pushing ${imageName} ${answer ? `with credentials from ${answer.source}` : "without credentials"}.`,
    );
    const [client, { pushImage }] = await Promise.all([this.services.engine.client(), import("../engine/push")]);
    const mask = maskOf(answer);
    return pushImage(client, imageName, answer?.credentials, maskedOperation(operation, mask)).catch(
      (error: unknown) => {
        throw mask.withoutSecrets(error);
      },
    );
  }

  /** The daemon passes on that the registry limits it and not for how long, so the registry is asked itself. */
  async #withWait(error: ImageBuilderError, imageName: string, signal: AbortSignal): Promise<ImageBuilderError> {
    const [{ RegistryClient }, { pushFailure }] = await Promise.all([
      import("../distribution/registryClient"),
      import("../engine/push"),
    ]);
    const { path, tag = "latest" } = parseImageReference(imageName);
    const told = await new RegistryClient(this.place(signal))
      .digestOf(path, tag, signal)
      .catch((failure: unknown) => failure);
    signal.throwIfAborted();
    return ImageBuilderError.is(told, "registryRateLimited")
      ? pushFailure(imageName, messageOf(error.cause), told.message)
      : error;
  }

  /** Only a connector can make a new login: what a person has stored stays as it is. */
  async #renewedLogin(signal: AbortSignal): Promise<CredentialAnswer | undefined> {
    if (this.requiresAuthentication) return undefined;
    return this.services.connector?.credentials(registryHost(this.config.uri), { signal, renew: true });
  }
}

function maskOf(answer: CredentialAnswer | undefined): SecretMask {
  return new SecretMask(answer ? [secretOf(answer.credentials)] : []);
}

/** A registry may have names that Docker does not allow; they are not ours. */
function isOwn(uri: string, imageName: string): boolean {
  try {
    return ownsImageName(uri, imageName);
  } catch (error) {
    if (ImageBuilderError.is(error, "imageNameInvalid")) return false;
    throw error;
  }
}

function isRefusedLogin(error: unknown): boolean {
  return (
    ImageBuilderError.is(error, "pushFailed") &&
    /unauthorized|authentication required|expired|invalid_token|no basic auth/i.test(messageOf(error.cause ?? error))
  );
}
