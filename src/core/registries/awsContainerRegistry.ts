import type { ConnectorServices } from "../clouds/connectorType";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { ImplementationServices } from "../contracts/services";
import { parseImageReference, registryHost } from "../base/imageReference";
import type { Operation } from "../operation/operation";
import type { AwsRegistryConfig } from "./awsRegistryConfig";
import { ContainerRegistry } from "../contracts/containerRegistry";
import { ecrRegionOf } from "./ecrHost";

/** Amazon's registry, in which a repository must exist before an image is pushed to it. */
export class AwsContainerRegistry extends ContainerRegistry {
  constructor(
    name: string,
    override readonly config: AwsRegistryConfig,
    services: ImplementationServices,
  ) {
    super(name, config, services);
  }

  /** Region in the registry's address. @throws ImageBuilderError `configurationInvalid` if it contains none */
  get region(): string {
    const region = ecrRegionOf(this.config.uri);
    if (region !== undefined) return region;
    throw new ImageBuilderError(
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

  /** Returns the names of all repositories. */
  async repositories(signal?: AbortSignal): Promise<string[]> {
    const [{ ecrRepositories }, access] = await Promise.all([
      import("../clouds/amazon/ecrClient"),
      this.#access(signal),
    ]);
    return (await ecrRepositories({ ...access, signal }, this.#account, await this.#services())).map(
      ({ name }) => name,
    );
  }

  /** Creates a repository. @param path path below the host */
  async createRepository(path: string, { log, signal }: Pick<Operation, "log" | "signal">): Promise<void> {
    const [{ createEcrRepository }, access] = await Promise.all([
      import("../clouds/amazon/ecrClient"),
      this.#access(signal),
    ]);
    await createEcrRepository(
      { ...access, signal },
      { registryId: this.#account, repositoryName: path },
      await this.#services(),
    );
    log.info(`Created the repository "${path}" in ${this.config.uri}.`);
  }

  get #account(): string {
    return this.config.uri.split(".")[0] ?? "";
  }

  /**
   * Returns the region and credentials: of the linked connector or, if there is none or it fails, this machine's
   * default credentials.
   */
  async #access(signal: AbortSignal | undefined) {
    const { region } = this;
    const services = await this.#services();
    const { awsCredentials } = await import("../clouds/amazon/awsCredentials");
    try {
      const signIn = await this.services.connector?.awsSignIn(signal);
      if (signIn) return { region, credentials: await awsCredentials(signIn, region, services, signal) };
    } catch (error) {
      signal?.throwIfAborted();
      services.log.error(messageOf(error));
    }
    const { consent, requester } = this.services;
    const destination = { kind: "host", host: "amazonaws.com", registry: registryHost(this.config.uri) } as const;
    if (requester)
      await consent?.confirm(
        { source: { kind: "signIn", cloud: "Amazon Web Services" }, destination, requestedBy: requester },
        signal,
      );
    return { region, credentials: await awsCredentials({ kind: "implicit" }, region, services, signal) };
  }

  async #services(): Promise<ConnectorServices> {
    if (this.services.cloud) return this.services.cloud;
    const [{ HttpClient }, { silentLog }] = await Promise.all([import("../http/httpClient"), import("../base/log")]);
    return { http: new HttpClient(), env: process.env, log: silentLog, allowImplicit: true };
  }
}
