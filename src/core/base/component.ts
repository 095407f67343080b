import type { Origin } from "./sourceConsent";

/** The two types of components, as ZenML names them. */
export type ComponentType = "image_builder" | "container_registry";

/** Registered builder or registry: a flavor with a name and a configuration, as in the settings. */
export interface Component {
  readonly name: string;
  readonly type: ComponentType;
  readonly flavor: string;
  /** As the user wrote it; the flavor's schema validates and normalizes it on use. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** UUID; entries written by hand may have none. */
  readonly id?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Time in ISO 8601. */
  readonly created?: string;
  /** Time in ISO 8601. */
  readonly updated?: string;
  /** Name of the service connector that provides its credentials. */
  readonly connector?: string;
  /** Id of the connector's resource that it uses. */
  readonly connectorResourceId?: string;
  /** Author of the entry, if it is not the person; never part of the settings' entry itself. */
  readonly from?: Origin;
}
