import type { BuildContext } from "../context/files/buildContext";
import type { Operation } from "../operation/operation";
import type { ContainerRegistry } from "./containerRegistry";
import type { BuildOptions } from "../base/buildOptions";
import type { BuiltImage } from "./builtImage";

/** Daemon that a remote builder uses, as it is now. */
export interface BuilderDaemon {
  readonly address: string;
  /** Name and version, such as `BuildKit v0.25.1`; undefined if the daemon can't be used. */
  readonly version?: string;
  /** Platforms that it builds for. */
  readonly platforms: readonly string[];
  /** Reason why the daemon can't be used, and the remedy. */
  readonly problem?: string;
}

/** Builds images; every builder flavor implements this interface (ZenML's `BaseImageBuilder`). */
export interface ImageBuilder {
  /** Whether the build runs on this machine's own daemon; a remote builder needs a registry for its result. */
  readonly isBuildingLocally: boolean;

  /** Whether a remote builder can export a result, which then needs no registry. */
  readonly exports?: boolean;

  /**
   * Class of the builder's build contexts, default is `BuildContext`; a builder that needs another layout provides a
   * subclass.
   */
  readonly buildContextClass?: typeof BuildContext;

  /**
   * Asks the daemons of a remote builder what they are.
   *
   * @throws ImageBuilderError if the daemons themselves are unknown; `sourceNotConfirmed`
   */
  daemons?(signal: AbortSignal): Promise<readonly BuilderDaemon[]>;

  /**
   * Builds `context` as `imageName` and, if a registry is given, pushes it there.
   *
   * @param imageName full name with a tag; additional tags are in `options.tags`
   * @returns the built image, or only its reference as a string: the `repoDigest` (`name@sha256:…`) if pushed,
   * otherwise `imageName`
   * @throws ImageBuilderError `buildFailed`, `pushFailed`, or errors of connecting to the daemon
   */
  build(
    imageName: string,
    context: BuildContext,
    options: BuildOptions,
    operation: Operation,
    registry?: ContainerRegistry,
  ): Promise<BuiltImage | string>;
}
