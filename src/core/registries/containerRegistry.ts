import type { CredentialAnswer } from "../credentials/credentialSource";
import { ImageBuilderError } from "../errors";
import type { ImplementationServices } from "../flavors/flavor";
import { ownsImageName, registryHost } from "../imageReference";
import type { Operation } from "../operation";
import type { RegistryConfig } from "./registryConfig";

/** A registry images are pushed to; flavors subclass it where their service wants more (ZenML's `BaseContainerRegistry`). */
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

  /**
   * The credentials for this registry and where they came from; nothing means anonymous.
   *
   * @throws ImageBuilderError `credentialsFailed` when a source that should have answered could not
   */
  async credentials(): Promise<CredentialAnswer | undefined> {
    return this.services.credentials.find(registryHost(this.config.uri), this.config.authenticationSecret);
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
      `The image "${imageName}" does not belong to the registry "${this.name}" (${this.config.uri}): its name must begin with "${this.config.uri}/".`,
    );
  }

  /** What must be so before an image can be pushed; flavors whose service wants repositories made first override it. */
  protected async prepareImagePush(_imageName: string, _operation: Operation): Promise<void> {}

  /**
   * Pushes an image that the daemon has.
   *
   * @returns the `repoDigest`, `name@sha256:…`
   * @throws ImageBuilderError `imageForeign` when the name belongs to another registry, `pushFailed` with the registry's own words
   */
  async pushImage(imageName: string, operation: Operation): Promise<string> {
    this.checkOwns(imageName);
    await this.prepareImagePush(imageName, operation);
    const answer = await this.credentials();
    operation.log.info(`Pushing ${imageName} ${answer ? `with credentials from ${answer.source}` : "without credentials"}.`);
    const [client, { pushImage }] = await Promise.all([this.services.engine.client(), import("../engine/push")]);
    return pushImage(client, imageName, answer?.credentials, operation);
  }
}
