import type { CredentialAnswer, CredentialQuestion } from "../credentials/credentialSource";
import { SecretMask } from "../credentials/secretMask";
import { secretOf } from "../credentials/withoutSecrets";
import { maskedOperation } from "../engine/maskedOperation";
import { ImageBuilderError } from "../base/errors";
import type { ImplementationServices } from "./services";
import { isWithoutTls, ownsImageName, parseImageReference, registryHost, registryPlace } from "../base/imageReference";
import type { Operation } from "../operation/operation";
import type { RegistryPlace } from "../distribution/registryConnection";
import { headerSecrets } from "../transport/daemonHeaders";
import type { Endpoint } from "../transport/endpoint";
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
   * user's Docker or Podman configuration. Returns undefined for anonymous access.
   *
   * @param question the repository, below the host, is by default the registry's own path
   * @throws ImageBuilderError `credentialsFailed` if a source of credentials fails, or errors of the connector
   */
  async credentials({ repository, signal }: RegistryQuestion = {}): Promise<CredentialAnswer | undefined> {
    const { uri, authenticationSecret: secretName } = this.config;
    const host = registryHost(uri);
    const { credentials, connector } = this.services;
    if (this.requiresAuthentication || !connector)
      return credentials.find(host, { secretName, repository: repository ?? this.#ownPath, signal });
    return connector.credentials(host, { signal });
  }

  /** Whether the configuration allows plain HTTP and certificates that can't be verified. */
  get isInsecure(): boolean {
    return this.config.insecure === true || isWithoutTls(this.config.uri);
  }

  /** Returns how to contact the registry directly: `new RegistryClient(registry.place(signal))`. */
  place(signal: AbortSignal = new AbortController().signal): RegistryPlace {
    const host = registryHost(this.config.uri);
    return {
      host,
      credentials: (repository) => this.credentials({ repository, signal }),
      insecure: async () => this.isInsecure || (await this.services.engine.client()).isInsecureRegistry(host, signal),
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
   * Pushes an image that the daemon has.
   *
   * @returns the `repoDigest`, `name@sha256:…`
   * @throws ImageBuilderError `imageForeign` when the name belongs to another registry, `pushFailed` with what
   * the registry says
   */
  async pushImage(imageName: string, operation: Operation): Promise<string> {
    this.checkOwns(imageName);
    await this.prepareImagePush(imageName, operation);
    return this.#transferred("Pushing", imageName, operation, (answer) => this.#push(imageName, answer, operation));
  }

  /** Tries once more where the registry refuses the login itself and the connector has a new one. */
  async #transferred<Result>(
    doing: "Pushing" | "Pulling",
    imageName: string,
    operation: Operation,
    work: (answer: CredentialAnswer | undefined) => Promise<Result>,
  ): Promise<Result> {
    const login = await this.#login(imageName, operation);
    try {
      return await work(login.answer);
    } catch (error) {
      const told = await this.#explained(error, login, operation);
      const isRefused = told instanceof Error && ImageBuilderError.is(told.cause, "registryUnauthorized");
      const renewed = isRefused ? await this.#renewedLogin(operation.signal) : undefined;
      if (!renewed) throw told;
      operation.log.info(
        `${this.config.uri} no longer accepts the login from ${renewed.source}. ${doing} with a new one.`,
      );
      return work(renewed).catch(async (again: unknown) => {
        throw await this.#explained(again, { answer: renewed }, operation);
      });
    }
  }

  /**
   * Prepares a push that does not go through the daemon.
   *
   * @returns how the registry is reached
   * @throws ImageBuilderError `imageForeign` when the name belongs to another registry, errors of a chosen login
   */
  async preparePush(imageName: string, operation: Operation): Promise<RegistryPlace> {
    this.checkOwns(imageName);
    if (this.requiresAuthentication || this.services.connector) await this.#credentialsFor(imageName, operation.signal);
    await this.prepareImagePush(imageName, operation);
    return this.place(operation.signal);
  }

  /**
   * Explains a push that BuildKit made by what the registry itself says.
   *
   * @param endpoint BuildKit's
   * @returns the error itself if it is not a registry's refusal
   */
  async explainPush(error: unknown, imageName: string, endpoint: Endpoint, operation: Operation): Promise<unknown> {
    if (!ImageBuilderError.is(error, "pushFailed")) return error;
    // The failure of a source of credentials was logged when BuildKit requested them.
    const answer = await this.#credentialsFor(imageName, operation.signal).catch(() => undefined);
    operation.signal.throwIfAborted();
    return this.#explained(error, { answer }, operation, endpoint);
  }

  /**
   * Pulls an image into the daemon.
   *
   * @param imageName with a tag or a digest
   * @throws ImageBuilderError `imageForeign` when the name belongs to another registry, `pullFailed` with what the
   * registry says
   */
  async pullImage(imageName: string, operation: Operation): Promise<void> {
    this.checkOwns(imageName);
    await this.#transferred("Pulling", imageName, operation, async (answer) => {
      const [client, { pullImage }, { whileAlive }] = await Promise.all([
        this.services.engine.client(),
        import("../engine/pull"),
        import("../engine/heartbeat"),
      ]);
      const mask = maskOf(answer, client.endpoint);
      await whileAlive(client, operation, (alive) =>
        pullImage(client, imageName, answer?.credentials, maskedOperation(alive, mask)),
      );
    });
  }

  /** A source that fails does not keep the registry from being asked: it may want no login. */
  async #login(imageName: string, { log, signal }: Operation): Promise<FoundLogin> {
    try {
      return { answer: await this.#credentialsFor(imageName, signal) };
    } catch (error) {
      const isChosen = this.requiresAuthentication || this.services.connector !== undefined;
      if (isChosen || !ImageBuilderError.is(error, "credentialsFailed")) throw error;
      log.warn(`${error.message} Trying without credentials.`);
      return { failure: error };
    }
  }

  #credentialsFor(imageName: string, signal: AbortSignal): Promise<CredentialAnswer | undefined> {
    return this.credentials({ repository: parseImageReference(imageName).path, signal });
  }

  /** Path below the host that images have without a name of their own; undefined for a mere host. */
  get #ownPath(): string | undefined {
    const [, ...path] = [registryPlace(this.config.uri), this.config.defaultRepository]
      .filter(Boolean)
      .join("/")
      .split("/");
    return path.length > 0 ? path.join("/") : undefined;
  }

  async #push(imageName: string, answer: CredentialAnswer | undefined, operation: Operation): Promise<string> {
    operation.log.info(
      `Pushing ${imageName} ${answer ? `with credentials from ${answer.source}` : "without credentials"}.`,
    );
    const [client, { pushImage }] = await Promise.all([this.services.engine.client(), import("../engine/push")]);
    const mask = maskOf(answer, client.endpoint);
    return pushImage(client, imageName, answer?.credentials, maskedOperation(operation, mask));
  }

  /** Adds the registry's own reason to a failed transfer: a daemon passes on little of it. */
  async #explained(
    error: unknown,
    { answer, failure }: FoundLogin,
    operation: Operation,
    daemon?: Endpoint,
  ): Promise<unknown> {
    const [{ explainTransfer }, { endpoint }] = await Promise.all([
      import("./explainTransfer"),
      daemon ? { endpoint: daemon } : this.services.engine.client(),
    ]);
    const mask = maskOf(answer, endpoint);
    if (!ImageBuilderError.is(error, "pushFailed") && !ImageBuilderError.is(error, "pullFailed"))
      return mask.withoutSecrets(error);
    const place = { ...this.place(operation.signal), credentials: async () => answer };
    const { log, signal } = maskedOperation(operation, mask);
    const explained = await explainTransfer(error, { place, login: answer, failure, endpoint }, { log, signal });
    return mask.withoutSecrets(explained);
  }

  /** Gets a new login from the connector; the user's stored credentials can't be renewed. */
  async #renewedLogin(signal: AbortSignal): Promise<CredentialAnswer | undefined> {
    if (this.requiresAuthentication) return undefined;
    return this.services.connector?.credentials(registryHost(this.config.uri), { signal, renew: true });
  }
}

/** Repository that credentials are for, and what ends the search. */
type RegistryQuestion = Pick<CredentialQuestion, "repository" | "signal">;

/** A login, or why none was found. */
interface FoundLogin {
  readonly answer?: CredentialAnswer;
  readonly failure?: ImageBuilderError;
}

function maskOf(answer: CredentialAnswer | undefined, { headers }: Endpoint): SecretMask {
  return new SecretMask([...(answer ? [secretOf(answer.credentials)] : []), ...headerSecrets(headers)]);
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
