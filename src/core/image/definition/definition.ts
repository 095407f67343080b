import type { Layer } from "./layers";
import type { PipArguments } from "./pipOptions";
import type { Architecture } from "./platform";
import type { PythonVersion } from "./pythonVersion";
import type { ImageTools } from "./renderOptions";
import type { Secret } from "./secret";

/** Where an image is pushed and what it is called. */
interface ImageNaming {
  /** A registry, with a path if wanted: `ghcr.io/team`. */
  readonly registry?: string;
  /** For a registry that asks who pulls; carried along and given to builders elsewhere. */
  readonly registrySecret?: string | Secret;
  /** The repository below the registry. */
  readonly name?: string;
}

/** What `Image.fromDebianBase` takes. */
export interface DebianBaseOptions extends ImageNaming {
  /** Default is what the first project among the layers wants, else 3.12. */
  readonly pythonVersion?: PythonVersion;
  /** Default is the release this extension knows. */
  readonly flyteVersion?: string;
  /** Whether to start from Flyte's released image; without it from Python's slim one. Default is true. */
  readonly installFlyte?: boolean;
  /** Default is `linux/amd64` and `linux/arm64`. */
  readonly platform?: Architecture | readonly Architecture[];
}

/** What `Image.fromUvScript` takes. */
export interface UvScriptOptions extends ImageNaming, PipArguments {
  readonly name: string;
  /** Default is what the script's `requires-python` allows, 3.12 where it may be. */
  readonly pythonVersion?: PythonVersion;
  /** Default is `linux/amd64` and `linux/arm64`. */
  readonly platform?: Architecture | readonly Architecture[];
}

/** What `Image.fromDockerfile` takes. */
export interface DockerfileOptions {
  readonly registry: string;
  readonly name: string;
  /** Default is `linux/amd64`. */
  readonly platform?: Architecture | readonly Architecture[];
  /** Values of the Dockerfile's `ARG`s, which stay in the image's history. */
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/** What `clone` changes; what is left out or empty stays as it is. */
export interface CloneOptions<Extendable extends boolean = boolean> extends ImageNaming, ImageTools {
  readonly baseImage?: string;
  readonly pythonVersion?: PythonVersion;
  readonly addlLayer?: Layer;
  /** Whether layers may be added. */
  readonly extendable?: Extendable;
  readonly platform?: Architecture | readonly Architecture[];
}

/** All that makes an image; two with the same definition are equal. */
export interface ImageDefinition<Extendable extends boolean = boolean> extends ImageTools {
  /** The image that it starts from; nothing for one by a reference name or a Dockerfile. */
  readonly baseImage?: string;
  /** The path of its Dockerfile, which rules layers out. */
  readonly dockerfile?: string;
  /** The name under which the configuration knows its base. */
  readonly refName?: string;
  /** Whether the base is Python's slim image of whichever version the image turns out to have. */
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
  /** Whether layers may be added. */
  readonly extendable: Extendable;
  /** Whether it differs from its base, so that it has to be built. */
  readonly isCloned: boolean;
  readonly layers: readonly Layer[];
}
