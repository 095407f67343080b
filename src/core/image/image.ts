import { encode } from "./definition/canonical";
import { definitionInvalid, checkOptions, frozen } from "./definition/check";
import { checkTakesLayer, cloneDefinition } from "./definition/cloneDefinition";
import type {
  CloneOptions,
  DebianBaseOptions,
  DockerfileOptions,
  ImageDefinition,
  UvScriptOptions,
} from "./definition/definition";
import { methodOf, partsOf, type Layer, type ListLayer } from "./definition/layers";
import {
  codeBundleLayer,
  dockerignoreLayer,
  sourceFileLayer,
  sourceFolderLayer,
  type CodeBundleArguments,
  type CopyArguments,
  type SourceFolderArguments,
} from "./definition/makeCopyLayers";
import {
  aptPackagesLayer,
  pipPackagesLayer,
  requirementsLayer,
  systemPackagesLayer,
  type PackagesAndOptions,
} from "./definition/makePackageLayers";
import {
  pluginWheelsLayers,
  poetryProjectLayer,
  uvProjectLayer,
  wheelsLayer,
  type PoetryProjectArguments,
  type UvProjectArguments,
} from "./definition/makeProjectLayers";
import {
  buildArgsLayer,
  cmdLayer,
  commandsLayer,
  entrypointLayer,
  envVarsLayer,
  exposeLayer,
  labelsLayer,
  runUserLayer,
  workdirLayer,
  type CommandArguments,
  type EnvVars,
  type Port,
  type RunCommand,
} from "./definition/makeRunLayers";
import type { PackageArguments } from "./definition/pipOptions";
import type { Architecture } from "./definition/platform";
import type { PythonVersion } from "./definition/pythonVersion";
import type { Secret, SecretArguments } from "./definition/secret";
import {
  baseDefinition,
  debianBaseDefinition,
  dockerfileDefinition,
  refNameDefinition,
  uvScriptDefinition,
} from "./definition/startDefinition";
import { imageUri } from "./plan/imageUri";
import { validateImage } from "./plan/validate";
import type { ImagePlaces } from "./resolve/places";

const construction = Symbol("construction");

/**
 * Immutable definition of a container image: a base, and the layers that are added to it. Each method returns a new
 * image. Equal definitions are equal (`equals`, `key`). Every method throws ImageBuilderError `imageInvalid` for
 * invalid arguments, with its own name. Relative paths are resolved when the image is used.
 *
 * @typeParam Extendable whether layers can be added: `Image.fromBase(…).withWorkdir("/app")` does not compile
 */
export class Image<Extendable extends boolean = boolean> implements ImageDefinition<Extendable> {
  readonly baseImage: string | undefined;
  readonly dockerfile: string | undefined;
  readonly refName: string | undefined;
  readonly isSlim: boolean;
  readonly registry: string | undefined;
  readonly registrySecret: Secret | undefined;
  readonly name: string | undefined;
  readonly platform: readonly Architecture[];
  readonly pythonVersion: PythonVersion | undefined;
  readonly isDefaultPython: boolean | undefined;
  readonly isDefaultPlatform: boolean | undefined;
  readonly buildArgs: ImageDefinition["buildArgs"];
  readonly uvVersion: string | undefined;
  readonly systemSitePackages: boolean | undefined;
  readonly extendable: Extendable;
  readonly isCloned: boolean;
  readonly layers: readonly Layer[];

  private constructor(token: typeof construction, definition: ImageDefinition<Extendable>) {
    if (token !== construction) {
      throw definitionInvalid(
        "Image",
        "images can't be created directly. Use fromDebianBase, fromBase, fromRefName, fromUvScript or fromDockerfile.",
      );
    }
    const plain = frozen(definition);
    this.baseImage = plain.baseImage;
    this.dockerfile = plain.dockerfile;
    this.refName = plain.refName;
    this.isSlim = plain.isSlim;
    this.registry = plain.registry;
    this.registrySecret = plain.registrySecret;
    this.name = plain.name;
    this.platform = plain.platform;
    this.pythonVersion = plain.pythonVersion;
    this.isDefaultPython = plain.isDefaultPython;
    this.isDefaultPlatform = plain.isDefaultPlatform;
    this.buildArgs = plain.buildArgs;
    this.uvVersion = plain.uvVersion;
    this.systemSitePackages = plain.systemSitePackages;
    this.extendable = plain.extendable;
    this.isCloned = plain.isCloned;
    this.layers = plain.layers;
    Object.freeze(this);
  }

  /**
   * Starts from the default image: Flyte's release, or with `installFlyte: false`, Python on Debian with a user
   * `flyte`.
   */
  static fromDebianBase(options: DebianBaseOptions = {}): Image<true> {
    return new Image(construction, debianBaseDefinition(options));
  }

  /**
   * Starts from an existing image. To add layers, first `clone` it with a name and `extendable: true`.
   *
   * @param imageUri `<registry>/<name>:<tag>`
   */
  static fromBase(imageUri: string): Image<false> {
    return new Image(construction, baseDefinition(imageUri));
  }

  /**
   * Refers to an image by its name in the configuration; default is `default`. To add layers, first `clone` it with
   * `extendable: true`.
   */
  static fromRefName(name = "default"): Image<false> {
    return new Image(construction, refNameDefinition(name));
  }

  /** Starts from a script's header (PEP 723): its Python version and its dependencies, on Python's slim image. */
  static fromUvScript(script: string, options: UvScriptOptions): Image<true> {
    return new Image(construction, uvScriptDefinition(script, options));
  }

  /** Creates an image from a Dockerfile, whose folder is the build context. No layers can be added. */
  static fromDockerfile(file: string, options: DockerfileOptions): Image<false> {
    return new Image(construction, dockerfileDefinition(file, options));
  }

  /**
   * Creates an image from data, such as a message of `postMessage`. The definition was checked where it was created,
   * and is not checked again.
   */
  static fromDefinition<Extendable extends boolean>(definition: ImageDefinition<Extendable>): Image<Extendable> {
    return new Image(construction, definition);
  }

  /** Returns the image with other properties, or with an additional layer. */
  clone<Changed extends boolean = Extendable>(changes: CloneOptions<Changed>): Image<Changed> {
    const where = "clone";
    checkOptions(where, changes, [
      "registry",
      "registrySecret",
      "name",
      "baseImage",
      "pythonVersion",
      "addlLayer",
      "extendable",
      "platform",
      "uvVersion",
      "systemSitePackages",
    ]);
    return this.#changed(where, changes);
  }

  /** Sets the working directory, replacing a previous one. @param workdir absolute path in the image */
  withWorkdir(this: Image<true>, workdir: string): Image<true> {
    return this.#with(workdirLayer(workdir));
  }

  /**
   * Installs the packages of a requirements file, including files in `-r` and `-c`. @param file path that ends in
   * `.txt`
   */
  withRequirements(this: Image<true>, file: string, options: PackageArguments = {}): Image<true> {
    return this.#with(requirementsLayer(file, options));
  }

  /**
   * Installs packages, each in pip's syntax: `withPipPackages("numpy", "pandas>=2,<3", { pre: true })`. Does nothing
   * without packages.
   */
  withPipPackages(this: Image<true>, ...packages: string[]): Image<true>;
  withPipPackages(
    this: Image<true>,
    ...packagesAndOptions: [...packages: string[], options: PackageArguments]
  ): Image<true>;
  withPipPackages(this: Image<true>, ...args: (string | PackageArguments)[]): Image<true> {
    return this.#withSome(pipPackagesLayer(args));
  }

  /**
   * Sets environment variables, in order. `$NAME` in the value of NAME is the value it has so far; everything else is
   * literal, unless the value is to be expanded: `{ DATA: { expand: "$HOME/data" } }`.
   */
  withEnvVars(this: Image<true>, envVars: EnvVars): Image<true> {
    return this.#withSome(envVarsLayer(envVars));
  }

  /**
   * Copies a folder, without the files that the ignore file excludes: to `./<its name>` by default, otherwise its
   * contents to `dst`.
   */
  withSourceFolder(this: Image<true>, src: string, options: SourceFolderArguments = {}): Image<true> {
    return this.#with(sourceFolderLayer(src, options));
  }

  /** Copies files into a folder. */
  withSourceFile(this: Image<true>, src: string | readonly string[], options: CopyArguments = {}): Image<true> {
    return this.#withSome(sourceFileLayer(src, options));
  }

  /** Copies the project's code if it is not provided otherwise (copy style `none`), after all other layers. */
  withCodeBundle(this: Image<true>, options: CodeBundleArguments = {}): Image<true> {
    return this.#with(codeBundleLayer(options));
  }

  /** Sets the ignore file for copied folders; the last one is used. */
  withDockerignore(this: Image<true>, path: string): Image<true> {
    return this.#with(dockerignoreLayer(path));
  }

  /** Installs a project, or only its dependencies, with uv. @param pyprojectFile path of its `pyproject.toml` */
  withUvProject(this: Image<true>, pyprojectFile: string, options: UvProjectArguments = {}): Image<true> {
    return this.#with(uvProjectLayer(pyprojectFile, options));
  }

  /** Installs a project, or only its dependencies, with Poetry. @param pyprojectFile path of its `pyproject.toml` */
  withPoetryProject(this: Image<true>, pyprojectFile: string, options: PoetryProjectArguments = {}): Image<true> {
    return this.#with(poetryProjectLayer(pyprojectFile, options));
  }

  /** Installs Debian packages: `withAptPackages("git", "curl")`. Does nothing without packages. */
  withAptPackages(this: Image<true>, ...packages: string[]): Image<true>;
  withAptPackages(
    this: Image<true>,
    ...packagesAndOptions: [...packages: string[], options: SecretArguments]
  ): Image<true>;
  withAptPackages(this: Image<true>, ...args: (string | SecretArguments)[]): Image<true> {
    return this.#withSome(aptPackagesLayer(args));
  }

  /** Installs packages of Alpine. Does nothing without packages. */
  withApkPackages(this: Image<true>, ...packages: PackagesAndOptions<SecretArguments>): Image<true> {
    return this.#withSome(systemPackagesLayer("apk", packages));
  }

  /** Installs packages with dnf, as on Fedora, Rocky Linux, AlmaLinux and UBI. Does nothing without packages. */
  withDnfPackages(this: Image<true>, ...packages: PackagesAndOptions<SecretArguments>): Image<true> {
    return this.#withSome(systemPackagesLayer("dnf", packages));
  }

  /** Installs packages with microdnf, as on UBI's minimal images. Does nothing without packages. */
  withMicrodnfPackages(this: Image<true>, ...packages: PackagesAndOptions<SecretArguments>): Image<true> {
    return this.#withSome(systemPackagesLayer("microdnf", packages));
  }

  /** Runs commands, each as a separate step and written without RUN. */
  withCommands(this: Image<true>, commands: string | readonly string[], options: CommandArguments = {}): Image<true> {
    return this.#withSome(commandsLayer(commands, options));
  }

  /**
   * Sets the user that the image runs as, whom copied files belong to, in place of any before. A name that the base
   * doesn't know becomes a new user. @param user a name or a number, with a group if wanted: `1000:1000`
   */
  withUser(this: Image<true>, user: string): Image<true> {
    return this.#with(runUserLayer(user));
  }

  /** Sets the program that the image runs, in place of any before: its words, or a text for the shell. */
  withEntrypoint(this: Image<true>, command: RunCommand): Image<true> {
    return this.#with(entrypointLayer(command));
  }

  /** Sets the command, or the arguments of the entrypoint, in place of any before: words, or a text for the shell. */
  withCmd(this: Image<true>, command: RunCommand): Image<true> {
    return this.#with(cmdLayer(command));
  }

  /** Tells which ports the image listens on: `withExpose(8080)`. */
  withExpose(this: Image<true>, ports: Port | readonly Port[]): Image<true> {
    return this.#withSome(exposeLayer(ports));
  }

  /** Adds labels to the image. */
  withLabels(this: Image<true>, labels: Readonly<Record<string, string>>): Image<true> {
    return this.#withSome(labelsLayer(labels));
  }

  /** Sets variables that only the steps of later layers see, as `ARG`s. They stay in the image's history. */
  withBuildArgs(this: Image<true>, buildArgs: Readonly<Record<string, string>>): Image<true> {
    return this.#withSome(buildArgsLayer(buildArgs));
  }

  /** Installs Flyte from the wheels in the folder's `dist`. For developers of Flyte. */
  withLocalV2(this: Image<true>): Image<true> {
    return this.#with(wheelsLayer("dist", "flyte"));
  }

  /**
   * Installs plugins of Flyte from the wheels in `plugins/<name>/dist`. For developers of Flyte. @param plugins names
   * that start with `flyteplugins-`
   */
  withLocalV2Plugins(this: Image<true>, plugins: string | readonly string[] | null): Image<true> {
    return pluginWheelsLayers(plugins ?? []).reduce((image, layer) => image.#with(layer), this);
  }

  /**
   * Checks, layer by layer, that the required files exist.
   *
   * @throws ImageBuilderError `imageFileMissing` for the first missing file, `imageInvalid` for a file with invalid
   * content
   */
  async validate(places: ImagePlaces = {}): Promise<void> {
    validateImage(this, places);
  }

  /**
   * Returns `<registry>/<name>:<tag>`, whose tag identifies everything that is built, including files; the base image
   * if nothing is added to it. Computed on each call, since files change.
   *
   * @throws ImageBuilderError `imageFileMissing`, `imageInvalid`
   */
  async uri(places: ImagePlaces = {}): Promise<string> {
    return imageUri(this, places);
  }

  /** Whether both images have the same definition. */
  equals(other: Image): boolean {
    return this.key === other.key;
  }

  /** Text that is the same for equal images only, for keys of a Map. */
  get key(): string {
    return encode({ ...this });
  }

  #with(this: Image<true>, addlLayer: Layer): Image<true> {
    return this.#changed(methodOf(addlLayer), { addlLayer });
  }

  /** Adds a layer, unless it has no parts. */
  #withSome(this: Image<true>, layer: ListLayer): Image<true> {
    checkTakesLayer(this, layer, this.name);
    return partsOf(layer).length === 0 ? this : this.#with(layer);
  }

  #changed<Changed extends boolean>(where: string, changes: CloneOptions<Changed>): Image<Changed> {
    return new Image(construction, cloneDefinition(this, where, changes));
  }
}
