import type { Confinement } from "../files/confinement";
import type { ConfirmOutside } from "../files/outsideError";
import type { RenderOptions } from "../definition/renderOptions";

/** Values that an image's definition doesn't contain. */
export interface ImagePlaces extends RenderOptions {
  /** Absolute path of the folder that relative paths are below; default is the process's working directory. */
  readonly root?: string;
  /** The images that `fromRefName` refers to, by name. */
  readonly imageRefs?: Readonly<Record<string, string>>;
  /** Way in which code is provided at run time; `withCodeBundle` has an effect only for the default, `none`. */
  readonly copyStyle?: "none" | "loaded_modules" | "all";
  /**
   * Python files that run first, whose imports a bundle of `loaded_modules` follows. Default is all that are
   * right in the root.
   */
  readonly entrypoints?: readonly string[];
  /** Paths that are always sent for an image from a Dockerfile, even if ignored; default is `.zen`. */
  readonly alwaysInclude?: readonly string[];
  /** Limits what is read to the workspace and what the person has allowed; default is that everything may be. */
  readonly within?: Confinement;
  /** Asks about files outside of `within`; without it, they are refused. */
  readonly confirmOutside?: ConfirmOutside;
  /** Platform whose rules about executable files apply; default is this machine's. */
  readonly hostPlatform?: NodeJS.Platform;
}
