/** The two kinds of component, in ZenML's words. */
export type ComponentType = "image_builder" | "container_registry";

/** A registered thing: a flavor with a name and a configuration, as it stands in the settings. */
export interface Component {
  readonly name: string;
  readonly type: ComponentType;
  readonly flavor: string;
  /** As the user wrote it; the flavor's schema validates and normalises it on use. */
  readonly configuration: Readonly<Record<string, unknown>>;
}
