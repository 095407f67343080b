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
 * Registry to which images are pushed; flavors whose service needs more subclass it (ZenML's `BaseContainerRegistry`).
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

  /** Whether a stored secret is configured for the registry. */
  get requiresAuthentication(): boolean {
    return this.config.authenticationSecret !== undefined;
  }

  /**
   * Returns credentials for the registry, and their source: its own secret, otherwise its connector, otherwise the
   * user's Docker configuration. Returns undefined for anonymous access.
   *
   * @throws ImageBuilderError `credentialsFailed` if a source of credentials fails, or errors of the connector
   */
  async credentials(signal?: AbortSignal): Promise<CredentialAnswer | undefined> {
    const host = registryHost(this.config.uri);
    const { credentials, connector } = this.services;
    if (this.requiresAuthentication || !connector)
      return credentials.find(host, this.config.authenticationSecret, signal);
    return connector.credentials(host, { signal });
  }

  /** Returns how to contact the registry directly: `new RegistryClient(registry.place(signal))`. */
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
   * Checks that an image name belongs to the registry: the same host, and below its path by whole segments.
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

  /** Prepares the registry for a push; flavors whose service requires existing repositories override it. */
  protected async prepareImagePush(_imageName: string, _operation: Operation): Promise<void> {}

  /**
   * Pushes an image of the daemon.
   *
   * @returns the `repoDigest`, `name@sha256:…`
   * @throws ImageBuilderError `imageForeign` if the name belongs to another registry, `pushFailed` with the registry's
   * own message
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
   * @param imageName image name with a tag or a digest
   * @throws ImageBuilderError `imageForeign` if the name belongs to another registry, `pullFailed` with the daemon's
   * message
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

  /** Requests the waiting time from the registry itself: the daemon reports the rate limit, but not for how long. */
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

  /** Gets a new login from the connector; the user's stored credentials can't be renewed. */
  async #renewedLogin(signal: AbortSignal): Promise<CredentialAnswer | undefined> {
    if (this.requiresAuthentication) return undefined;
    return this.services.connector?.credentials(registryHost(this.config.uri), { signal, renew: true });
  }
}

function maskOf(answer: CredentialAnswer | undefined): SecretMask {
  return new SecretMask(answer ? [secretOf(answer.credentials)] : []);
}

/** A registry may contain names that Docker doesn't allow; they don't belong to the configured one. */
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
