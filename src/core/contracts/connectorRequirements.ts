import type { Configurable } from "../config/checkConfiguration";

/** Which service connectors fit a flavor (ZenML's `ServiceConnectorRequirements`). */
export interface ServiceConnectorRequirements {
  /** Any kind of connector fits where none is named. */
  readonly connectorType?: string;
  readonly resourceType: string;
  /** The configuration's field that says which resource the component is, such as `uri`. */
  readonly resourceIdAttribute?: string;
}

/** The part of a flavor that says which connectors fit. */
export interface ConnectableFlavor extends Configurable<object> {
  /** Which service connectors can supply its credentials; without it none can. */
  readonly serviceConnectorRequirements?: ServiceConnectorRequirements;
}
