import type { Disposable, Uri } from "vscode";
import type { BuildOptions } from "../core/base/buildOptions";
import type { ComponentType } from "../core/base/component";
import type { ConnectorRecord } from "../core/clouds/connectorType";
import type { FlavorMaker, GivenFlavor } from "../core/flavors/givenFlavor";
import type { Image } from "../core/image/image";
import type { RegistryConfig } from "../core/contracts/registryConfig";

export type { BuildOptions } from "../core/base/buildOptions";
export type { BuiltImage } from "../core/contracts/builtImage";
export type { ImageBuilder } from "../core/contracts/imageBuilder";
export type { BuildContextOptions } from "../core/context/files/contextOptions";
export type { Component, ComponentType } from "../core/base/component";
export type { ErrorCode, ErrorLocation } from "../core/base/errors";
export type { Flavor } from "../core/contracts/flavor";
export type { ImplementationServices } from "../core/contracts/services";
export type { FlavorToolkit } from "../core/flavors/flavorToolkit";
export type { FlavorMaker, GivenFlavor } from "../core/flavors/givenFlavor";
export type { Image } from "../core/image/image";
export type { ContainerRegistry } from "../core/contracts/containerRegistry";
export type { RegistryConfig } from "../core/contracts/registryConfig";

/** Return value of `activate`. New members may be added; existing ones never break. */
export interface ImageBuildersApi {
  readonly version: 1;
  /**
   * Registers an image builder flavor; dispose the result to remove it again. If the flavor is invalid or its name is
   * taken, the user gets an error message.
   *
   * @param flavor the flavor, or a function that creates it with our toolkit, so that no module of ours has to be
   * imported at run time
   */
  registerImageBuilderFlavor<Config extends object>(
    flavor: GivenFlavor<"image_builder", Config> | FlavorMaker<"image_builder", Config>,
  ): Disposable;
  /**
   * Registers a container registry flavor, as `registerImageBuilderFlavor` does; its configuration has at least the
   * field `uri`.
   */
  registerContainerRegistryFlavor<Config extends RegistryConfig>(
    flavor: GivenFlavor<"container_registry", Config> | FlavorMaker<"container_registry", Config>,
  ): Disposable;
  /** Loads the class `Image`, which defines images in code, on the first call: `const Image = await api.image()`. */
  image(): Promise<typeof Image>;
}

/**
 * Argument of the commands `imageBuilders.buildImage` and `imageBuilders.buildAndPushImage`. With `imageName`, the
 * command doesn't prompt, and rejects on failure; without it, the user is prompted for missing values.
 */
export interface BuildArguments {
  /**
   * Build context: a `file` Uri, an absolute path, or a path relative to the first workspace folder, which is the
   * default.
   */
  readonly folder?: Uri | string;
  /** Absolute path, or path relative to the folder; default is the folder's `Dockerfile`. */
  readonly dockerfile?: string;
  /**
   * One image name, or several separated by commas; `${folder}`, `${gitShortSha}`, `${gitBranch}` and `${date}` are
   * replaced.
   */
  readonly imageName?: string;
  /** Name of a builder in the settings; default is the folder's active builder, otherwise the first one. */
  readonly builder?: string;
  /**
   * Name of a registry in the settings; default is the one that the image name belongs to, otherwise the folder's
   * active registry, otherwise the only one.
   */
  readonly registry?: string;
  readonly options?: BuildChoices;
}

/**
 * Argument of the commands `imageBuilders.buildImageSpec` and `imageBuilders.buildAndPushImageSpec`, which don't prompt
 * then, and reject on failure.
 */
export interface SpecArguments {
  /** Image spec: a `file` Uri, an absolute path, or a path relative to the first workspace folder. */
  readonly spec: Uri | string;
  /** Name of a builder in the settings; default is the active builder, otherwise the first one. */
  readonly builder?: string;
  /** Name of a registry in the settings; default is the one in the image name, otherwise the active or only one. */
  readonly registry?: string;
  /** Builds even if the image exists. */
  readonly force?: boolean;
  /** Only returns the Dockerfile, without contacting the daemon or a registry. */
  readonly dryRun?: boolean;
  readonly options?: BuildChoices;
}

/**
 * Argument of `imageBuilders.verifyConnector` and `imageBuilders.deleteConnector`, which don't prompt then, and reject
 * on failure.
 */
export interface ConnectorReference {
  /** Name of the connector. */
  readonly connector: string;
  /** Registry to verify the connector with; default is the one in its configuration. */
  readonly resourceId?: string;
}

/**
 * Argument of `imageBuilders.registerConnector`, which returns the stored connector; secrets are `{{name.key}}`
 * references.
 */
export interface ConnectorRegistration extends Pick<
  ConnectorRecord,
  "name" | "type" | "authMethod" | "configuration" | "resourceId" | "expiresAt" | "expirySkewSeconds" | "labels"
> {
  /** Whether to try to sign in first, if the connector specifies a registry; default is true. */
  readonly verify?: boolean;
  /** Settings to store the entry in; default is the user's. */
  readonly scope?: "user" | "workspace";
}

/**
 * Argument of the command `imageBuilders.registerFlavorFromSource`, which then doesn't prompt, returns the flavor's
 * name, and rejects on failure.
 */
export interface FlavorSourceArguments {
  readonly type: ComponentType;
  /**
   * Path of the module, absolute or relative to the first workspace folder, followed by `#name` if the flavor is not
   * the default export.
   */
  readonly source: string;
}

/** Build options other than names and paths. */
export type BuildChoices = Omit<BuildOptions, "dockerfile" | "tags" | "builder">;

/** Result of the build commands; undefined if the user dismissed a prompt or canceled. */
export interface BuildOutcome {
  readonly imageName: string;
  /** `name@sha256:…`, only if pushed. */
  readonly repoDigest?: string;
  /** Daemon's ID of the image, `sha256:…`. */
  readonly imageId?: string;
  /** Size of the image in bytes, if the builder knows it. */
  readonly sizeBytes?: number;
  readonly durationMs: number;
  /** Whether the build was skipped because the image of the spec already exists. */
  readonly exists?: boolean;
  /** Dockerfile that would be built, only in a dry run. */
  readonly dockerfile?: string;
  /** Warnings about the sent files, such as possible secrets or a large build context. */
  readonly warnings?: readonly string[];
}

/**
 * Component that a command such as `imageBuilders.renameComponent` applies to. With this argument, the command doesn't
 * prompt, and rejects on failure; from the Command Palette or a tree item, it prompts.
 */
export interface ComponentReference {
  readonly type: ComponentType;
  /** Name, ID, or the beginning of an ID; default is the folder's active component. */
  readonly name?: string;
  /** Absolute path of the folder whose active component is meant; default is the first workspace folder. */
  readonly folder?: string;
}

/**
 * Argument of `imageBuilders.registerImageBuilder` and `imageBuilders.registerContainerRegistry`, which return the
 * `Component`.
 */
export interface ComponentRegistration {
  readonly name?: string;
  readonly flavor: string;
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Name of a service connector to link, which is verified unless `verify` is false. */
  readonly connector?: string;
  readonly resourceId?: string;
  readonly verify?: boolean;
  /** Settings to store the entry in; default is the user's. */
  readonly scope?: "user" | "workspace";
  /**
   * As ZenML's command line has them: a name, `--key=value`, `--key=@file`, with ZenML's names of fields, too, such as
   * `default_repository`. Values are read as the field's type has them. What they say goes before the rest.
   */
  readonly arguments?: readonly string[];
}

/**
 * Argument of `imageBuilders.updateComponent`, which returns the `Component`; fields and labels that are null are
 * removed.
 */
export interface ComponentUpdate extends ComponentReference {
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string | null>>;
  /** As in `ComponentRegistration`. */
  readonly arguments?: readonly string[];
}

/** Argument of `imageBuilders.renameComponent` and `imageBuilders.copyComponent`, which return the `Component`. */
export interface ComponentNaming extends ComponentReference {
  readonly newName: string;
}

/** Argument of `imageBuilders.removeComponentAttribute`, which returns the `Component`. */
export interface AttributeRemoval extends ComponentReference {
  readonly fields?: readonly string[];
  readonly labels?: readonly string[];
}

/** Argument of `imageBuilders.connectComponent`, which returns the `Component`. */
export interface ComponentConnection extends ComponentReference {
  readonly connector: string;
  /** Registry of the connector; the component's own configuration takes precedence. */
  readonly resourceId?: string;
  /** Whether to try to sign in first; default is true. */
  readonly verify?: boolean;
}
