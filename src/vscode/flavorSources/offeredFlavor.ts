import type { ComponentType } from "../../core/base/component";
import type { FlavorRegistry } from "../../core/flavors/flavorRegistry";

/** Flavor that is loaded on first use. */
export interface OfferedFlavor {
  readonly type: ComponentType;
  readonly name: string;
  /** The same for all that are loaded together. */
  readonly loadKey: string;
  /** Its source, for messages. */
  readonly from: string;
  /** Loads and registers the flavor. */
  load(flavors: FlavorRegistry): Promise<void>;
}
