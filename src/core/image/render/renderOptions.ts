import { ImageBuilderError } from "../../base/errors";
import { imageNameProblem } from "../../base/imageReference";

/**
 * Options for rendering an image as a Dockerfile. They don't change the image's content, except for the tools
 * themselves.
 */
export interface RenderOptions {
  /** Installer of Python packages: uv, or the base image's own pip 22.3 or later. Default is `uv`. */
  readonly installer?: "uv" | "pip";
  /**
   * Source of uv: its own image, the package index with the base image's pip, or the base image, which must contain it.
   * Default is `image`.
   */
  readonly uvSource?: "image" | "pip" | "base";
  /** Image of uv; default is `ghcr.io/astral-sh/uv:0.8.13`. */
  readonly uvImage?: string;
  /**
   * Frontend for a `# syntax` line, which the daemon fetches, such as `docker/dockerfile:1.10`. If undefined, the
   * daemon's own is used.
   */
  readonly syntax?: string;
}

/** Version of uv, for all sources. */
export const uvVersion = "0.8.13";

/**
 * Returns the options with their defaults.
 *
 * @throws ImageBuilderError `optionInvalid`
 */
export function renderOptions({
  installer = "uv",
  uvSource = "image",
  uvImage = `ghcr.io/astral-sh/uv:${uvVersion}`,
  syntax,
}: RenderOptions) {
  for (const name of [uvImage, syntax]) {
    const problem = name === undefined ? undefined : imageNameProblem(name);
    if (problem !== undefined)
      throw new ImageBuilderError("optionInvalid", `"${name}" is not a valid image name. ${problem}`);
  }
  return { installer, uvSource, uvImage, syntax };
}

/** Options with all defaults. */
export type CompleteRenderOptions = ReturnType<typeof renderOptions>;
