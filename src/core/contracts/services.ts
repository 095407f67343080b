import type { Requester, SourceConsent } from "../base/sourceConsent";
import type { ConnectorLink } from "./connectorLink";
import type { ConnectorServices } from "../clouds/connectorType";
import type { ConnectorSource } from "../connectors/connectorSource";
import type { CredentialSource } from "../credentials/credentialSource";
import type { SecretStore } from "../credentials/secretStore";
import type { EngineAccess } from "../engine/engineAccess";

/** Services that an implementation gets in addition to its configuration. */
export interface ImplementationServices {
  readonly engine: EngineAccess;
  readonly credentials: CredentialSource;
  readonly secrets?: SecretStore;
  /** Source of service connectors, by name. */
  readonly connectors?: ConnectorSource;
  /** Component's own service connector, if it has one; set by `createComponent`. */
  readonly connector?: ConnectorLink;
  /**
   * Asked before a source from a configuration is used; if undefined, the caller is responsible for its configurations.
   */
  readonly consent?: SourceConsent;
  /** Requester in these prompts; set by `createComponent`. */
  readonly requester?: Requester;
  /** Folder for what builds keep for later builds, which may be deleted at any time; undefined if nothing is kept. */
  readonly cacheFolder?: string;
  /** Services for requests to registries and clouds; default is this process's environment. */
  readonly cloud?: ConnectorServices;
}
