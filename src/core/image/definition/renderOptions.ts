import { ImageBuilderError } from "../../base/errors";
import { checkLine, definitionInvalid } from "./check";
import { imageNameProblem } from "../../base/imageReference";

/** Options of an image's Dockerfile. They don't change the image's content, except for the tools themselves. */
export interface RenderOptions {
  /** Installer of Python packages: uv, or the base image's own pip of 22.3 or newer. Default is `uv`. */
  readonly installer?: "uv" | "pip";
  /**
   * Source of uv: its image, the package index by the base image's pip, or the base image, which has it. Default
   * is `image`.
   */
  readonly uvSource?: "image" | "pip" | "base";
  /** Uv's image; default is `ghcr.io/astral-sh/uv:0.8.13`. */
  readonly uvImage?: string;
  /**
   * The frontend of a `# syntax` line, which the daemon then fetches, such as `docker/dockerfile:1.10`. Default is
   * none: the daemon's own will do.
   */
  readonly syntax?: string;
}

/**
 * Checks the version of an installer, such as `0.8.13`.
 *
 * @throws ImageBuilderError `imageInvalid`
 */
export function checkVersion(where: string, what: string, value: unknown): string {
  const version = checkLine(where, what, value);
  if (!/^\d+(?:\.\d+){1,3}(?:(?:a|b|rc)\d+)?$/.test(version))
    throw definitionInvalid(where, `${what} is "${version}". Use a version such as "0.8.13".`);
  return version;
}

/** The version of uv that installs, wherever it comes from. */
const uvVersion = "0.8.13";

/** The version of Poetry that installs a project whose lock file doesn't say which version wrote it. */
export const poetryVersion = "2.1.4";

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
  ...image
}: RenderOptions & ImageTools) {
  for (const [what, name] of Object.entries({ "image of uv": uvImage, "Dockerfile syntax": syntax })) {
    const problem = name === undefined ? undefined : imageNameProblem(name);
    if (problem !== undefined)
      throw new ImageBuilderError("optionInvalid", `The ${what} "${name}" is not a valid image name. ${problem}`);
  }
  const version = image.uvVersion;
  return {
    installer,
    uvSource,
    uvImage: version === undefined ? uvImage : withTag(uvImage, version),
    uvVersion: version ?? uvVersion,
    systemSitePackages: image.systemSitePackages ?? false,
    syntax,
  };
}

/** Installer options of an image itself. */
export interface ImageTools {
  /** The version of uv. */
  readonly uvVersion?: string;
  /** Whether the base's own packages are seen in the virtual environment. */
  readonly systemSitePackages?: boolean;
}

function withTag(image: string, tag: string): string {
  const [name = ""] = image.split("@", 1);
  // A colon before the last slash is that of a port.
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  return `${colon < 0 ? name : name.slice(0, colon)}:${tag}`;
}

/** The options when nothing is left open. */
export type CompleteRenderOptions = ReturnType<typeof renderOptions>;

/** Returns the options that affect an image's packages, for its tag. */
export function toolsOf({ installer, uvSource, uvImage, uvVersion: version, ...options }: CompleteRenderOptions) {
  const systemSitePackages = options.systemSitePackages || undefined;
  if (installer === "pip") return { installer, systemSitePackages };
  const uv = uvSource === "image" ? uvImage : uvSource === "pip" ? version : "base";
  return { installer, uv, systemSitePackages };
}
