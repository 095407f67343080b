import type { Confinement } from "../files/confinement";
import type { ConfirmOutside } from "../files/outsideError";
import type { RenderOptions } from "../definition/renderOptions";

/** What an image's definition leaves open. */
export interface ImagePlaces extends RenderOptions {
  /** Absolute path of the folder that relative paths are below; default is the process's working directory. */
  readonly root?: string;
  /** The images that `fromRefName` refers to, by name. */
  readonly imageRefs?: Readonly<Record<string, string>>;
  /** How code gets to where it runs; `withCodeBundle` has an effect only for the default, `none`. */
  readonly copyStyle?: "none" | "loaded_modules" | "all";
  /**
   * Where code begins to run: Python files whose imports a bundle of `loaded_modules` follows. Default is all that are
   * right in the root.
   */
  readonly entrypoints?: readonly string[];
  /** What an image by a Dockerfile is sent whatever its ignore file keeps out; default is `.zen`. */
  readonly alwaysInclude?: readonly string[];
  /** Limits what is read to the workspace and what the person has allowed; default is that everything may be. */
  readonly within?: Confinement;
  /** Asks about files outside of `within`; without it, they are refused. */
  readonly confirmOutside?: ConfirmOutside;
  /** Whose rules about executable files apply; default is those of this machine. */
  readonly hostPlatform?: NodeJS.Platform;
}
