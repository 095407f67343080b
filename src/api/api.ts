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
export type { BuildContextOptions } from "../core/context/files/buildContext";
export type { Component, ComponentType } from "../core/base/component";
export type { ErrorCode, ErrorLocation } from "../core/base/errors";
export type { Flavor } from "../core/contracts/flavor";
export type { ImplementationServices } from "../core/contracts/services";
export type { FlavorToolkit } from "../core/flavors/flavorToolkit";
export type { FlavorMaker, GivenFlavor } from "../core/flavors/givenFlavor";
export type { Image } from "../core/image/image";
export type { ContainerRegistry } from "../core/contracts/containerRegistry";
export type { RegistryConfig } from "../core/contracts/registryConfig";

/** What `activate` returns; it grows and never breaks. */
export interface ImageBuildersApi {
  readonly version: 1;
  /**
   * Adds a kind of image builder; dispose to take it away again. A flavor that cannot be used, or whose name is taken,
   * is told to the user.
   *
   * @param flavor the flavor, or a function that makes it of our toolkit, so that nothing of ours need be imported at
   * run time
   */
  registerImageBuilderFlavor<Config extends object>(
    flavor: GivenFlavor<"image_builder", Config> | FlavorMaker<"image_builder", Config>,
  ): Disposable;
  /**
   * Adds a kind of container registry, as `registerImageBuilderFlavor` does; its configuration has at least the field
   * `uri`.
   */
  registerContainerRegistryFlavor<Config extends RegistryConfig>(
    flavor: GivenFlavor<"container_registry", Config> | FlavorMaker<"container_registry", Config>,
  ): Disposable;
  /**
   * The class `Image`, by which images are defined in code: `const Image = await api.image()`. It is loaded when it is
   * asked for.
   */
  image(): Promise<typeof Image>;
}

/**
 * The argument of the commands `imageBuilders.buildImage` and `imageBuilders.buildAndPushImage`. With `imageName`
 * nothing is asked and a failure rejects; without it the user is asked for what is missing.
 */
export interface BuildArguments {
  /**
   * The build context: a `file` Uri, an absolute path, or a path relative to the first workspace folder, which is the
   * default.
   */
  readonly folder?: Uri | string;
  /** Absolute or relative to the folder; the default is its `Dockerfile`. */
  readonly dockerfile?: string;
  /**
   * One name or several separated by commas; `${folder}`, `${gitShortSha}`, `${gitBranch}` and `${date}` are replaced.
   */
  readonly imageName?: string;
  /** Name of a builder of the settings; the default is the folder's active one, else the first. */
  readonly builder?: string;
  /**
   * Name of a registry of the settings; the default is the one that the image name belongs to, else the folder's active
   * one, else the only one.
   */
  readonly registry?: string;
  readonly options?: BuildChoices;
}

/**
 * The argument of the commands `imageBuilders.buildImageSpec` and `imageBuilders.buildAndPushImageSpec`: nothing is
 * asked, and a failure rejects.
 */
export interface SpecArguments {
  /** A `file` Uri, an absolute path, or a path relative to the first workspace folder. */
  readonly spec: Uri | string;
  /** Name of a builder of the settings; the default is the active or first one. */
  readonly builder?: string;
  /** Name of a registry of the settings; the default is the one that the image names, else the active or only one. */
  readonly registry?: string;
  /** Builds even if the image exists. */
  readonly force?: boolean;
  /** Only tells the Dockerfile; neither daemon nor registry is asked. */
  readonly dryRun?: boolean;
  readonly options?: BuildChoices;
}

/**
 * The argument of `imageBuilders.verifyConnector` and `imageBuilders.deleteConnector`: nothing is asked, and a failure
 * rejects.
 */
export interface ConnectorReference {
  /** Its name. */
  readonly connector: string;
  /** Which of its registries to verify it with; the default is the one that it names. */
  readonly resourceId?: string;
}

/**
 * The argument of `imageBuilders.registerConnector`, which returns what it has stored; secrets are `{{name.key}}`
 * references.
 */
export interface ConnectorRegistration extends Pick<
  ConnectorRecord,
  "name" | "type" | "authMethod" | "configuration" | "resourceId" | "expiresAt" | "expirySkewSeconds" | "labels"
> {
  /** Whether a login is tried first, if it names a registry; the default is yes. */
  readonly verify?: boolean;
  /** In which settings it is kept; the default is the user's. */
  readonly scope?: "user" | "workspace";
}

/**
 * The argument of the command `imageBuilders.registerFlavorFromSource`, which returns the flavor's name: nothing is
 * asked, and a failure rejects.
 */
export interface FlavorSourceArguments {
  readonly type: ComponentType;
  /**
   * The module's path, relative to the first workspace folder or absolute, with `#name` of its export if that is not
   * the default.
   */
  readonly source: string;
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
  /** Whether nothing was built because the image of a spec exists already. */
  readonly exists?: boolean;
  /** Of a dry run the Dockerfile that would be built. */
  readonly dockerfile?: string;
  /** What was sent and may not have been meant to be: secrets, a large context. */
  readonly warnings?: readonly string[];
}

/**
 * Names a component to commands such as `imageBuilders.renameComponent`. With it nothing is asked and a failure
 * rejects; on the palette and on a tree's row the commands ask.
 */
export interface ComponentReference {
  readonly type: ComponentType;
  /** Its name, its id, or the beginning of its id; the default is the folder's active one. */
  readonly name?: string;
  /** Whose active component is meant: an absolute path; the default is the first workspace folder. */
  readonly folder?: string;
}

/**
 * The argument of `imageBuilders.registerImageBuilder` and `imageBuilders.registerContainerRegistry`, which return the
 * `Component`.
 */
export interface ComponentRegistration {
  readonly name?: string;
  readonly flavor: string;
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** The name of a service connector to link, which is verified unless `verify` is false. */
  readonly connector?: string;
  readonly resourceId?: string;
  readonly verify?: boolean;
  /** In which settings it is kept; the default is the user's. */
  readonly scope?: "user" | "workspace";
  /**
   * As ZenML's command line has them: a name, `--key=value`, `--key=@file`, with ZenML's names of fields, too, such as
   * `default_repository`. Values are read as the field's type has them. What they say goes before the rest.
   */
  readonly arguments?: readonly string[];
}

/**
 * The argument of `imageBuilders.updateComponent`, which returns the `Component`; a field or label that is null is
 * taken away.
 */
export interface ComponentUpdate extends ComponentReference {
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string | null>>;
  /** As of `ComponentRegistration`. */
  readonly arguments?: readonly string[];
}

/** The argument of `imageBuilders.renameComponent` and `imageBuilders.copyComponent`, which return the `Component`. */
export interface ComponentNaming extends ComponentReference {
  readonly newName: string;
}

/** The argument of `imageBuilders.removeComponentAttribute`, which returns the `Component`. */
export interface AttributeRemoval extends ComponentReference {
  readonly fields?: readonly string[];
  readonly labels?: readonly string[];
}

/** The argument of `imageBuilders.connectComponent`, which returns the `Component`. */
export interface ComponentConnection extends ComponentReference {
  readonly connector: string;
  /** Which of its registries; what the component's configuration says goes before it. */
  readonly resourceId?: string;
  /** Whether a login is tried first; the default is yes. */
  readonly verify?: boolean;
}
