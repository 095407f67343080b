import type { ComponentType } from "../../core/base/component";
import type { FlavorRegistry } from "../../core/flavors/flavorRegistry";

/** A flavor that is loaded only when something uses it. */
export interface OfferedFlavor {
  readonly type: ComponentType;
  readonly name: string;
  /** The same for all that are loaded together. */
  readonly loadKey: string;
  /** What brings it, in words. */
  readonly from: string;
  /** Makes it registered. */
  load(flavors: FlavorRegistry): Promise<void>;
}
