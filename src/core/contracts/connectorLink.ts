import type { Component } from "../base/component";
import { resourceIdOf } from "./resourceId";
import { requesterOf } from "../consent/requests";
import type { CredentialAnswer } from "../credentials/credentialSource";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { ConnectableFlavor } from "./connectorRequirements";
import type { AwsSignIn } from "../clouds/awsSignIn";
import type { ConnectorSource } from "../connectors/connectorSource";
import type { ConnectOptions, ServiceConnector } from "../connectors/serviceConnector";

/** Failures of a linked connector in words for the component's user; the failure's own message follows. */
const meanings: readonly (readonly [codes: readonly string[], meaning: string])[] = [
  [["connectorUnknown"], "was not found"],
  [["connectorInvalid", "configurationInvalid", "secretUnavailable"], "is not configured correctly"],
  [["connectorExpired", "connectorFailed"], "could not authenticate"],
];

/** Service connector of a component, which is found on first use. */
export class ConnectorLink {
  #connector: ServiceConnector | undefined;

  constructor(
    private readonly component: Component,
    private readonly flavor: ConnectableFlavor,
    private readonly source: ConnectorSource | undefined,
  ) {}

  /** Whether there is no usable login: none was fetched yet, or it has expired. */
  hasExpired(): boolean {
    return (
      this.#connector === undefined || this.#connector.hasExpired() || this.#connector.loginHasExpired(this.#resourceId)
    );
  }

  /**
   * Finds the connector by its name.
   *
   * @throws ImageBuilderError `connectorUnknown`, `connectorInvalid`, with the component in the message
   */
  async get(): Promise<ServiceConnector> {
    const { connector: name = "" } = this.component;
    if (!this.flavor.serviceConnectorRequirements) {
      throw new ImageBuilderError(
        "connectorInvalid",
        `"${this.component.name}" uses the connector "${name}", but its flavor "${this.flavor.name}" does not ` +
          "support connectors. Disconnect it.",
      );
    }
    if (!this.source)
      throw new ImageBuilderError(
        "connectorUnknown",
        `"${this.component.name}" uses the connector "${name}", but connectors are not available here. Disconnect it.`,
      );
    const { source } = this;
    this.#connector = await this.#telling(() => source.get(name));
    return this.#connector;
  }

  /**
   * Gets credentials for a registry, which must be the connector's.
   *
   * @param host host of the registry
   * @throws ImageBuilderError with the code of the failure, and with the component in the message
   */
  async credentials(host: string, options: ConnectOptions = {}): Promise<CredentialAnswer> {
    const connector = await this.get();
    const { registry, username, password } = await this.#telling(() =>
      connector.connect(this.#resourceId, { ...options, requestedBy: requesterOf(this.component) }),
    );
    if (registry !== host) {
      throw new ImageBuilderError(
        "connectorInvalid",
        `The connector "${connector.name}" is for ${registry}, but "${this.component.name}" is at ${host}, so ` +
          "the login is not sent. Choose another connector.",
      );
    }
    return { credentials: { username, password }, source: `the connector "${connector.name}"` };
  }

  /**
   * Returns how to sign in to Amazon; undefined if the connector is for another cloud.
   *
   * @throws ImageBuilderError with the code of the failure, and with the component in the message
   */
  async awsSignIn(signal?: AbortSignal): Promise<AwsSignIn | undefined> {
    const connector = await this.get();
    return this.#telling(() =>
      connector.awsSignIn(this.#resourceId, { signal, requestedBy: requesterOf(this.component) }),
    );
  }

  get #resourceId(): string | undefined {
    return resourceIdOf(this.component, this.flavor) ?? this.component.connectorResourceId;
  }

  async #telling<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      // A message about a source that was not allowed names the connector itself.
      if (!ImageBuilderError.is(error) || error.code === "sourceNotConfirmed") throw error;
      const meaning = meanings.find(([codes]) => codes.includes(error.code))?.[1] ?? "can't be used";
      throw new ImageBuilderError(
        error.code,
        `The connector "${this.component.connector}" of "${this.component.name}" ${meaning}: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }
}
