import type { Origin } from "./sourceConsent";

/** The two kinds of component, in ZenML's words. */
export type ComponentType = "image_builder" | "container_registry";

/** A registered thing: a flavor with a name and a configuration, as it stands in the settings. */
export interface Component {
  readonly name: string;
  readonly type: ComponentType;
  readonly flavor: string;
  /** As the user wrote it; the flavor's schema validates and normalises it on use. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** A UUID; entries that a person wrote by hand may have none. */
  readonly id?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly created?: string;
  /** ISO 8601. */
  readonly updated?: string;
  /** The name of the service connector that supplies its credentials. */
  readonly connector?: string;
  /** Which of the connector's resources it uses. */
  readonly connectorResourceId?: string;
  /** Who wrote it down, if not the person; never part of the settings' entry itself. */
  readonly from?: Origin;
}
