import type { BuildContext } from "../context/files/buildContext";
import type { Operation } from "../operation/operation";
import type { ContainerRegistry } from "./containerRegistry";
import type { BuildOptions } from "../base/buildOptions";
import type { BuiltImage } from "./builtImage";

/** Builds images; every builder flavor implements this contract (ZenML's `BaseImageBuilder`). */
export interface ImageBuilder {
  /**
   * Whether the build runs on this machine's own daemon; a builder elsewhere needs a registry to hand its result over.
   */
  readonly isBuildingLocally: boolean;

  /**
   * The class that makes this builder's contexts, `BuildContext` by default; a builder that needs another layout
   * supplies a subclass.
   */
  readonly buildContextClass?: typeof BuildContext;

  /**
   * Builds `context` as `imageName` and, if a registry is given, pushes it there.
   *
   * @param imageName the full name with its tag; more tags go in `options.tags`
   * @returns what it has made; a string is taken for its reference: the `repoDigest` (`name@sha256:…`) when pushed,
   * else `imageName`
   * @throws ImageBuilderError `buildFailed`, `pushFailed`, or what reaching the daemon can throw
   */
  build(
    imageName: string,
    context: BuildContext,
    options: BuildOptions,
    operation: Operation,
    registry?: ContainerRegistry,
  ): Promise<BuiltImage | string>;
}
