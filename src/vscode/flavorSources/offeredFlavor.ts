import type { ComponentType } from "../../core/base/component";
import type { FlavorRegistry } from "../../core/flavors/flavorRegistry";

/** Flavor that is loaded on first use. */
export interface OfferedFlavor {
  readonly type: ComponentType;
  readonly name: string;
  /** Description of the source. Flavors with the same description are loaded together. */
  readonly from: string;
  /** Loads and registers the flavor. */
  load(flavors: FlavorRegistry): Promise<void>;
}
