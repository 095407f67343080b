import type { Requester, SourceConsent } from "../base/sourceConsent";
import type { ConnectorLink } from "./connectorLink";
import type { ConnectorServices } from "../clouds/connectorType";
import type { ConnectorSource } from "../connectors/connectorSource";
import type { CredentialSource } from "../credentials/credentialSource";
import type { SecretStore } from "../credentials/secretStore";
import type { EngineAccess } from "../engine/engineAccess";

/** What an implementation is made with, besides its configuration. */
export interface ImplementationServices {
  readonly engine: EngineAccess;
  readonly credentials: CredentialSource;
  readonly secrets?: SecretStore;
  /** Where service connectors are found by name. */
  readonly connectors?: ConnectorSource;
  /** The component's own service connector, if it has one; set by `createComponent`. */
  readonly connector?: ConnectorLink;
  /** Asked before a source that a configuration names is used; without it the caller answers for its configurations. */
  readonly consent?: SourceConsent;
  /** What asks where the implementation uses a source; set by `createComponent`. */
  readonly requester?: Requester;
  /** What requests to registries and clouds are made with; default is this process's environment. */
  readonly cloud?: ConnectorServices;
}
