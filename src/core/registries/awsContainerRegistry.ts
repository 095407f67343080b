import type { ConnectorServices } from "../clouds/connectorType";
import type { AwsCredentials } from "../clouds/amazon/providedCredentials";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { ImplementationServices } from "../contracts/services";
import { parseImageReference, registryHost } from "../base/imageReference";
import type { Operation } from "../operation/operation";
import type { EcrRegistry } from "../clouds/ecrRegistry";
import { ContainerRegistry } from "../contracts/containerRegistry";
import { ecrRegistryAt, type AwsRegistryConfig } from "./awsRegistryConfig";

/** Amazon's registry, in which a repository must exist before an image is pushed to it. */
export class AwsContainerRegistry extends ContainerRegistry {
  constructor(
    name: string,
    override readonly config: AwsRegistryConfig,
    services: ImplementationServices,
  ) {
    super(name, config, services);
  }

  /** @throws ImageBuilderError `configurationInvalid` when the address names none, as that of ECR Public */
  get region(): string {
    const registry = ecrRegistryAt(this.config.uri);
    if (registry?.kind === "private") return registry.region;
    throw this.#noRegion();
  }

  get #registry(): EcrRegistry {
    const registry = ecrRegistryAt(this.config.uri);
    if (registry) return registry;
    throw this.#noRegion();
  }

  #noRegion(): ImageBuilderError {
    return new ImageBuilderError(
      "configurationInvalid",
      `"${this.config.uri}" contains no region. ` +
        'Use the host of an ECR registry, such as "715803424592.dkr.ecr.us-east-1.amazonaws.com".',
    );
  }

  /**
   * Checks that the repository exists, and creates it if configured. If either fails, logs a warning, and the push is
   * tried anyway.
   */
  protected override async prepareImagePush(imageName: string, operation: Operation): Promise<void> {
    const { path } = parseImageReference(imageName);
    try {
      const names = await this.repositories(operation.signal);
      if (names.includes(path)) return;
      if (this.config.createMissingRepositories) return await this.createRepository(path, operation);
      const found = names.join(", ") || "none";
      operation.log.warn(
        `${this.config.uri} has no repository "${path}" (existing: ${found}), so the push will fail. ` +
          'Create the repository, or set "createMissingRepositories".',
      );
    } catch (error) {
      operation.signal.throwIfAborted();
      if (!ImageBuilderError.is(error)) throw error;
      operation.log.warn(
        `Can't check whether ${this.config.uri} has the repository "${path}", which ECR requires for a push. ` +
          `Create it if it is missing. (${messageOf(error)})`,
      );
    }
  }

  /** The paths of the repositories below the host; of ECR Public those of the account. */
  async repositories(signal?: AbortSignal): Promise<string[]> {
    const registry = this.#registry;
    const [{ ecrRepositories }, credentials] = await Promise.all([
      import("../clouds/amazon/ecrClient"),
      this.#credentials(registry, signal),
    ]);
    return ecrRepositories({ registry, credentials, signal }, await this.#services());
  }

  /** Creates a repository. @param path path below the host */
  async createRepository(path: string, { log, signal }: Pick<Operation, "log" | "signal">): Promise<void> {
    const registry = this.#registry;
    const [{ createEcrRepository }, credentials] = await Promise.all([
      import("../clouds/amazon/ecrClient"),
      this.#credentials(registry, signal),
    ]);
    await createEcrRepository({ registry, credentials, signal }, path, await this.#services());
    log.info(`Created the repository "${path}" in ${this.config.uri}.`);
  }

  /**
   * Returns the credentials: of the linked connector or, if there is none, this machine's default credentials. These
   * also stand in for a connector that fails, but only where connectors may use them.
   */
  async #credentials({ region, domain }: EcrRegistry, signal: AbortSignal | undefined): Promise<AwsCredentials> {
    const services = await this.#services();
    const { awsCredentials } = await import("../clouds/amazon/awsCredentials");
    try {
      const signIn = await this.services.connector?.awsSignIn(signal);
      if (signIn) return await awsCredentials(signIn, region, services, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!services.allowImplicit) throw error;
      services.log.error(messageOf(error));
    }
    const { consent, requester } = this.services;
    const destination = { kind: "host", host: domain, registry: registryHost(this.config.uri) } as const;
    if (requester)
      await consent?.confirm(
        { source: { kind: "signIn", cloud: "Amazon Web Services" }, destination, requestedBy: requester },
        signal,
      );
    return awsCredentials({ kind: "implicit" }, region, services, signal);
  }

  async #services(): Promise<ConnectorServices> {
    if (this.services.cloud) return this.services.cloud;
    const [{ HttpClient }, { silentLog }] = await Promise.all([import("../http/httpClient"), import("../base/log")]);
    return { http: new HttpClient(), env: process.env, log: silentLog, allowImplicit: true };
  }
}
