import { encode } from "./definition/canonical";
import { checkImageName, checkTakesLayer, cloneDefinition } from "./definition/cloneDefinition";
import { checkLine, checkOptions, definitionInvalid, describe, frozen } from "./definition/check";
import type {
  CloneOptions,
  DebianBaseOptions,
  DockerfileOptions,
  ImageDefinition,
  UvScriptOptions,
} from "./definition/definition";
import { debianLayers, defaultFlyteVersion, flyteImage, slimImage } from "./definition/debianBase";
import { methodOf, type Layer, type LayerOf } from "./definition/layers";
import {
  aptPackagesLayer,
  codeBundleLayer,
  commandsLayer,
  dockerignoreLayer,
  envVarsLayer,
  pipPackagesLayer,
  pluginWheelsLayers,
  poetryProjectLayer,
  requirementsLayer,
  sourceFileLayer,
  sourceFolderLayer,
  uvProjectLayer,
  uvScriptLayer,
  wheelsLayer,
  workdirLayer,
  type CodeBundleArguments,
  type CopyArguments,
  type EnvVars,
  type PoetryProjectArguments,
  type SecretArguments,
  type SourceFolderArguments,
  type UvProjectArguments,
} from "./definition/makeLayers";
import {
  buildArgsLayer,
  buildArgumentsOf,
  cmdLayer,
  entrypointLayer,
  exposeLayer,
  labelsLayer,
  runUserLayer,
  type Port,
  type RunCommand,
} from "./definition/makeRunLayers";
import { imageUri } from "./plan/imageUri";
import type { PackageArguments } from "./definition/pipOptions";
import { checkPlatforms, type Architecture } from "./definition/platform";
import { checkPythonVersion, defaultPython, type PythonVersion } from "./definition/pythonVersion";
import type { ImagePlaces } from "./resolve/resolve";
import type { Secret } from "./definition/secret";
import { validateImage } from "./plan/validate";

const construction = Symbol("construction");

/** Layer of a list of parts, which may be empty. */
type ListLayer = LayerOf<
  "aptPackages" | "pipPackages" | "commands" | "envVars" | "sourceFile" | "expose" | "labels" | "buildArgs"
>;

function partsOf(layer: ListLayer): readonly unknown[] {
  switch (layer.kind) {
    case "aptPackages":
    case "pipPackages":
      return layer.packages;
    case "commands":
      return layer.commands;
    case "envVars":
      return layer.variables;
    case "sourceFile":
      return layer.src;
    case "expose":
      return layer.ports;
    case "labels":
      return layer.labels;
    case "buildArgs":
      return layer.args;
  }
}

/** Properties of an image that is only a reference. */
const unchanged = {
  platform: ["linux/amd64"],
  extendable: false,
  isCloned: false,
  layers: [],
} as const satisfies Partial<ImageDefinition<false>>;

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
    const where = "fromDebianBase";
    checkOptions(where, options, [
      "pythonVersion",
      "flyteVersion",
      "installFlyte",
      "registry",
      "registrySecret",
      "name",
      "platform",
    ]);
    const {
      pythonVersion,
      flyteVersion = defaultFlyteVersion,
      installFlyte = true,
      platform = ["linux/amd64", "linux/arm64"],
    } = options;
    const isDefault = { python: pythonVersion === undefined, platform: options.platform === undefined };
    if (typeof installFlyte !== "boolean")
      throw definitionInvalid(where, `installFlyte is ${describe(installFlyte)}. Use true or false.`);
    const python = pythonVersion === undefined ? defaultPython : checkPythonVersion(where, pythonVersion);
    const start = new Image(construction, {
      baseImage: installFlyte
        ? checkImageName(
            where,
            "the image of flyteVersion",
            flyteImage(python, checkLine(where, "flyteVersion", flyteVersion)),
          )
        : slimImage(python),
      isSlim: !installFlyte,
      name: "flyte",
      platform: checkPlatforms(where, platform),
      pythonVersion: python,
      ...(isDefault.python && { isDefaultPython: true }),
      ...(isDefault.platform && { isDefaultPlatform: true }),
      extendable: true,
      isCloned: !installFlyte,
      layers: installFlyte ? [] : debianLayers,
    });
    const { registry, registrySecret, name } = options;
    return registry || registrySecret || name ? start.#changed(where, { registry, registrySecret, name }) : start;
  }

  /**
   * Starts from an existing image. To add layers, first `clone` it with a name and `extendable: true`.
   *
   * @param imageUri `<registry>/<name>:<tag>`
   */
  static fromBase(imageUri: string): Image<false> {
    return new Image(construction, {
      baseImage: checkImageName("fromBase", "the image", imageUri),
      isSlim: false,
      ...unchanged,
    });
  }

  /**
   * Refers to an image by its name in the configuration; default is `default`. To add layers, first `clone` it with
   * `extendable: true`.
   */
  static fromRefName(name = "default"): Image<false> {
    return new Image(construction, {
      refName: checkLine("fromRefName", "the name", name),
      name,
      isSlim: false,
      ...unchanged,
    });
  }

  /** Starts from a script's header (PEP 723): its Python version and its dependencies, on Python's slim image. */
  static fromUvScript(script: string, options: UvScriptOptions): Image<true> {
    const where = "fromUvScript";
    const known = [
      "name",
      "registry",
      "registrySecret",
      "pythonVersion",
      "platform",
      "indexUrl",
      "extraIndexUrls",
      "pre",
      "extraArgs",
      "secretMounts",
    ] as const;
    const { name, registry, registrySecret, pythonVersion, platform, ...pip } = checkOptions(where, options, known);
    const start = Image.fromDebianBase({ installFlyte: false, pythonVersion, platform });
    return new Image(construction, {
      ...start,
      pythonVersion,
      layers: [...start.layers, uvScriptLayer(script, pip)],
    }).#changed(where, {
      name: checkLine(where, "name", name),
      registry,
      registrySecret,
    });
  }

  /** Creates an image from a Dockerfile, whose folder is the build context. No layers can be added. */
  static fromDockerfile(file: string, options: DockerfileOptions): Image<false> {
    const where = "fromDockerfile";
    const known = ["registry", "name", "platform", "buildArgs"] as const;
    const { registry, name, platform, buildArgs } = checkOptions(where, options, known);
    const dockerfile = checkLine(where, "the file", file);
    return new Image(construction, {
      dockerfile,
      isSlim: false,
      ...(buildArgs !== undefined && { buildArgs: buildArgumentsOf(where, buildArgs) }),
      ...unchanged,
    }).#changed(where, {
      registry: checkLine(where, "registry", registry),
      name: checkLine(where, "name", name),
      platform,
    });
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

  /** Runs commands, each as a separate step and written without RUN. */
  withCommands(this: Image<true>, commands: string | readonly string[], options: SecretArguments = {}): Image<true> {
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
