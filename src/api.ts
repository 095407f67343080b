import type { Disposable, Uri } from "vscode";
import type { BuildOptions } from "./core/builders/buildOptions";
import type { FlavorMaker, GivenFlavor } from "./core/flavors/givenFlavor";
import type { RegistryConfig } from "./core/registries/registryConfig";

export type { BuildOptions } from "./core/builders/buildOptions";
export type { ImageBuilder } from "./core/builders/imageBuilder";
export type { Component, ComponentType } from "./core/components/component";
export type { ErrorCode, ErrorLocation } from "./core/errors";
export type { Flavor, ImplementationServices } from "./core/flavors/flavor";
export type { FlavorToolkit } from "./core/flavors/flavorToolkit";
export type { FlavorMaker, GivenFlavor } from "./core/flavors/givenFlavor";
export type { ContainerRegistry } from "./core/registries/containerRegistry";

/** What `activate` returns; it grows and never breaks. */
export interface ImageBuildersApi {
  readonly version: 1;
  /**
   * Adds a kind of image builder; dispose to take it away again. A flavor that cannot be used, or whose name is taken, is told to
   * the user.
   *
   * @param flavor the flavor, or a function that makes it of our toolkit, so that nothing of ours need be imported at run time
   */
  registerImageBuilderFlavor<Config extends object>(flavor: GivenFlavor<"image_builder", Config> | FlavorMaker<"image_builder", Config>): Disposable;
  /** Adds a kind of container registry, as `registerImageBuilderFlavor` does; its configuration has at least the field `uri`. */
  registerContainerRegistryFlavor<Config extends RegistryConfig>(flavor: GivenFlavor<"container_registry", Config> | FlavorMaker<"container_registry", Config>): Disposable;
}

/**
 * The argument of the commands `imageBuilders.buildImage` and `imageBuilders.buildAndPushImage`. With `imageName` nothing is
 * asked and a failure rejects; without it the user is asked for what is missing.
 */
export interface BuildArguments {
  /** The build context: a `file` Uri, an absolute path, or a path relative to the first workspace folder, which is the default. */
  readonly folder?: Uri | string;
  /** Absolute or relative to the folder; the default is its `Dockerfile`. */
  readonly dockerfile?: string;
  /** One name or several separated by commas; `${folder}`, `${gitShortSha}`, `${gitBranch}` and `${date}` are replaced. */
  readonly imageName?: string;
  /** Name of a builder of the settings; the default is the folder's active one, else the first. */
  readonly builder?: string;
  /** Name of a registry of the settings; the default is the one that the image name belongs to, else the folder's active one, else the only one. */
  readonly registry?: string;
  readonly options?: BuildChoices;
}

/** What may be chosen besides names and places. */
export type BuildChoices = Omit<BuildOptions, "dockerfile" | "tags" | "builder">;

/** What the build commands return; nothing when the user dismissed a question or cancelled. */
export interface BuildOutcome {
  readonly imageName: string;
  /** `name@sha256:…`, only when pushed. */
  readonly repoDigest?: string;
  /** `sha256:…` as the daemon knows the image. */
  readonly imageId?: string;
  readonly durationMs: number;
  /** What was sent and may not have been meant to be: secrets, a large context. */
  readonly warnings?: readonly string[];
}
