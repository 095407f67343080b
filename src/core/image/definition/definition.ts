import type { Layer } from "./layers";
import type { PipArguments } from "./pipOptions";
import type { Architecture } from "./platform";
import type { PythonVersion } from "./pythonVersion";
import type { ImageTools } from "./renderOptions";
import type { Secret } from "./secret";

/** Registry and name of an image. */
interface ImageNaming {
  /** Registry with an optional path: `ghcr.io/team`. */
  readonly registry?: string;
  /** Secret for a registry that requires credentials to pull; only passed on to remote builders. */
  readonly registrySecret?: string | Secret;
  /** Repository below the registry. */
  readonly name?: string;
}

/** Options of `Image.fromDebianBase`. */
export interface DebianBaseOptions extends ImageNaming {
  /** Default is what the first project among the layers wants, else 3.12. */
  readonly pythonVersion?: PythonVersion;
  /** Version of Flyte; default is the release that this extension knows. */
  readonly flyteVersion?: string;
  /** Whether to start from Flyte's published image; if false, from Python's slim image. Default is true. */
  readonly installFlyte?: boolean;
  /** Platforms to build for; default is `linux/amd64` and `linux/arm64`. */
  readonly platform?: Architecture | readonly Architecture[];
}

/** Options of `Image.fromUvScript`. */
export interface UvScriptOptions extends ImageNaming, PipArguments {
  readonly name: string;
  /** Default is a version that the script's `requires-python` allows, 3.12 if possible. */
  readonly pythonVersion?: PythonVersion;
  /** Platforms to build for; default is `linux/amd64` and `linux/arm64`. */
  readonly platform?: Architecture | readonly Architecture[];
}

/** Options of `Image.fromDockerfile`. */
export interface DockerfileOptions {
  readonly registry: string;
  readonly name: string;
  /** Platforms to build for; default is `linux/amd64`. */
  readonly platform?: Architecture | readonly Architecture[];
  /** Values of the Dockerfile's `ARG`s, which stay in the image's history. */
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/** Changes of `clone`; options that are undefined or empty are ignored. */
export interface CloneOptions<Extendable extends boolean = boolean> extends ImageNaming, ImageTools {
  readonly baseImage?: string;
  readonly pythonVersion?: PythonVersion;
  readonly addlLayer?: Layer;
  /** Whether layers can be added. */
  readonly extendable?: Extendable;
  readonly platform?: Architecture | readonly Architecture[];
}

/** Complete definition of an image; two images with the same definition are equal. */
export interface ImageDefinition<Extendable extends boolean = boolean> extends ImageTools {
  /** Base image; undefined for an image with a reference name or a Dockerfile. */
  readonly baseImage?: string;
  /** Path of the image's Dockerfile; no layers can be added to it. */
  readonly dockerfile?: string;
  /** Name of the base image in the configuration. */
  readonly refName?: string;
  /** Whether the base is Python's slim image, in the version that the image has in the end. */
  readonly isSlim: boolean;
  readonly registry?: string;
  readonly registrySecret?: Secret;
  readonly name?: string;
  readonly platform: readonly Architecture[];
  readonly pythonVersion?: PythonVersion;
  /** Whether the version is only the default, so that what a project wants goes before it. */
  readonly isDefaultPython?: boolean;
  /** Whether the platforms are only the default. */
  readonly isDefaultPlatform?: boolean;
  /** Build arguments of its Dockerfile. */
  readonly buildArgs?: readonly (readonly [name: string, value: string])[];
  /** Whether layers can be added. */
  readonly extendable: Extendable;
  /** Whether the image differs from its base, so that it must be built. */
  readonly isCloned: boolean;
  readonly layers: readonly Layer[];
}
