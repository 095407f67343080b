import type { Configurable } from "../config/checkConfiguration";

/** Service connectors that a flavor supports (ZenML's `ServiceConnectorRequirements`). */
export interface ServiceConnectorRequirements {
  /** Name of a connector type; undefined if all types are supported. */
  readonly connectorType?: string;
  readonly resourceType: string;
  /** Configuration field with the component's resource, such as `uri`. */
  readonly resourceIdAttribute?: string;
}

/** Part of a flavor that declares which connectors it supports. */
export interface ConnectableFlavor extends Configurable<object> {
  /** Service connectors that can provide its credentials; undefined if none can. */
  readonly serviceConnectorRequirements?: ServiceConnectorRequirements;
}
