import { posix } from "node:path";
import {
  checkAnyText,
  checkChoice,
  checkLine,
  checkList,
  checkOptions,
  checkText,
  definitionInvalid,
  describe,
} from "./check";
import type { CopyStyle, EnvVariable, Layer, LayerOf, ProjectInstallMode } from "./layers";
import {
  checkNoCredential,
  optionalArguments,
  packageArgumentNames,
  pipArgumentNames,
  pipOptions,
  type PackageArguments,
  type PipArguments,
} from "./pipOptions";
import { checkVersion } from "./renderOptions";
import { secretsOf, type SecretRequest } from "./secret";

/** Secrets that the steps of a layer can read. */
export interface SecretArguments {
  readonly secretMounts?: SecretRequest;
}

/** Destination of a copy. */
export interface CopyArguments {
  /** Folder in the image, absolute or relative to the working directory. Default is ".". */
  readonly dst?: string;
}

/** Options for copying a folder. */
export interface SourceFolderArguments extends CopyArguments {
  /** Whether to copy the folder's contents directly into `dst`, even if `dst` is "."; default is false. */
  readonly copyContentsOnly?: boolean;
}

/** Options for copying a code bundle. */
export interface CodeBundleArguments extends CopyArguments {
  /** Default is `loaded_modules`. */
  readonly copyStyle?: CopyStyle;
}

/** Options for installing a project. */
interface ProjectArguments {
  /** The project's extras to install. */
  readonly extras?: string | readonly string[];
  /** Dependency groups to install besides; default is none. */
  readonly groups?: string | readonly string[];
  /** Default is `dependencies_only`. */
  readonly projectInstallMode?: ProjectInstallMode;
}

/** Options for installing a project with uv. */
export interface UvProjectArguments extends PipArguments, ProjectArguments {
  /** Path of the lock file; default is the `uv.lock` next to the project's file, if it exists. */
  readonly uvlock?: string;
}

/** Options for installing a project with Poetry. */
export interface PoetryProjectArguments extends SecretArguments, ProjectArguments {
  /** Path of the lock file; default is the `poetry.lock` next to the project's file, which must exist. */
  readonly poetryLock?: string;
  /** Default is the version that wrote the lock file. */
  readonly poetryVersion?: string;
  /** Additional arguments for `poetry install`, as words of a shell. */
  readonly extraArgs?: string;
}

const poetryArgumentNames = [
  "poetryLock",
  "poetryVersion",
  "extras",
  "groups",
  "extraArgs",
  "secretMounts",
  "projectInstallMode",
] as const;

/** Arguments of the variadic methods: packages, optionally followed by options. */
export type PackagesAndOptions<Options> = readonly (string | Options)[];

/**
 * Creates the layer of `withAptPackages`. All functions of this file throw ImageBuilderError `imageInvalid` with the
 * method's name.
 */
export function aptPackagesLayer(args: PackagesAndOptions<SecretArguments>): LayerOf<"aptPackages"> {
  const where = "withAptPackages";
  const { packages, options } = split(where, args);
  const { secretMounts } = checkOptions(where, options, ["secretMounts"]);
  return { kind: "aptPackages", packages, secrets: secretsOf(where, secretMounts) };
}

/** Creates the layer of `withPipPackages`. */
export function pipPackagesLayer(args: PackagesAndOptions<PackageArguments>): LayerOf<"pipPackages"> {
  const where = "withPipPackages";
  const { packages, options } = split(where, args);
  return { kind: "pipPackages", packages, pip: pipOptions(where, checkOptions(where, options, packageArgumentNames)) };
}

/** Creates the layer of `withRequirements`. */
export function requirementsLayer(file: string, options: PackageArguments): Layer {
  const where = "withRequirements";
  if (!checkLine(where, "the file", file).endsWith(".txt")) {
    throw definitionInvalid(
      where,
      `"${file}" does not end in ".txt". Use a requirements file; ` +
        "for a pyproject.toml, use withUvProject or withPoetryProject.",
    );
  }
  return { kind: "requirements", file, pip: pipOptions(where, checkOptions(where, options, packageArgumentNames)) };
}

/** Environment variables. Only in a value that is to be expanded, `$NAME` stands for what NAME is then. */
export type EnvVars = Readonly<Record<string, string | { readonly expand: string }>>;

/** Creates the layer of `withEnvVars`. */
export function envVarsLayer(envVars: EnvVars): LayerOf<"envVars"> {
  const where = "withEnvVars";
  // Object.entries of a Map is empty, so its variables would be ignored silently.
  if (Object.prototype.toString.call(envVars) !== "[object Object]") {
    throw definitionInvalid(
      where,
      `the variables are ${describe(envVars)}. Use a plain object such as { NAME: "value" }.`,
    );
  }
  const variables = Object.entries(envVars).map(([name, value]): EnvVariable => {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) {
      throw definitionInvalid(
        where,
        `"${name}" is not a valid variable name. ` +
          'Start with a letter or "_", and use only letters, digits, "_", "." and "-".',
      );
    }
    const what = `the value of ${name}`;
    if (typeof value !== "object" || value === null) return [name, checkAnyText(where, what, value)];
    return [name, checkAnyText(where, what, checkOptions(where, value, ["expand"]).expand), "expand"];
  });
  return { kind: "envVars", variables };
}

/** Creates the layer of `withWorkdir`. */
export function workdirLayer(workdir: string): Layer {
  const where = "withWorkdir";
  const path = checkLine(where, "the working directory", workdir);
  if (!path.startsWith("/"))
    throw definitionInvalid(where, `"${path}" is not absolute. Start it with "/", such as "/app".`);
  return { kind: "workdir", path };
}

/** Creates the layer of `withCommands`. */
export function commandsLayer(commands: string | readonly string[], options: SecretArguments): LayerOf<"commands"> {
  const where = "withCommands";
  const checked = checkList(where, "the commands", commands).map((each) => {
    const command = checkText(where, "a command", each);
    if (/^\s*RUN\s/.test(command))
      throw definitionInvalid(
        where,
        `the command "${command}" starts with RUN, which is added automatically. Remove RUN.`,
      );
    return command;
  });
  const { secretMounts } = checkOptions(where, options, ["secretMounts"]);
  return { kind: "commands", commands: checked, secrets: secretsOf(where, secretMounts) };
}

/** Creates the layer of `withSourceFolder`. */
export function sourceFolderLayer(src: string, options: SourceFolderArguments): Layer {
  const where = "withSourceFolder";
  const { dst, copyContentsOnly = false } = checkOptions(where, options, ["dst", "copyContentsOnly"]);
  if (typeof copyContentsOnly !== "boolean")
    throw definitionInvalid(where, `copyContentsOnly is ${describe(copyContentsOnly)}. Use true or false.`);
  return {
    kind: "sourceFolder",
    src: checkLine(where, "the folder", src),
    dst: destination(where, dst),
    copyContentsOnly,
  };
}

/** Creates the layer of `withSourceFile`. */
export function sourceFileLayer(src: string | readonly string[], options: CopyArguments): LayerOf<"sourceFile"> {
  const where = "withSourceFile";
  const { dst } = checkOptions(where, options, ["dst"]);
  const files = checkList(where, "the files", src).map((file) => checkLine(where, "a file", file));
  const names = files.map((file) => posix.basename(file.replaceAll("\\", "/")));
  const duplicates = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  if (duplicates.length > 0) {
    const listed = duplicates.map((name) => `"${name}"`).join(", ");
    throw definitionInvalid(
      where,
      `several files are named ${listed} and would overwrite each other in "${dst ?? "."}". ` +
        "Copy each file with its own withSourceFile, to separate folders.",
    );
  }
  return { kind: "sourceFile", src: files, dst: destination(where, dst) };
}

/** Creates the layer of `withCodeBundle`. */
export function codeBundleLayer(options: CodeBundleArguments): Layer {
  const where = "withCodeBundle";
  const { copyStyle, dst } = checkOptions(where, options, ["copyStyle", "dst"]);
  const style = checkChoice(where, "copyStyle", copyStyle ?? "loaded_modules", ["loaded_modules", "all"]);
  return { kind: "codeBundle", copyStyle: style, dst: destination(where, dst) };
}

/** Creates the layer of `withDockerignore`. */
export function dockerignoreLayer(path: string): Layer {
  return { kind: "dockerignore", path: checkLine("withDockerignore", "the path", path) };
}

/** Creates the layer of `withUvProject`. */
export function uvProjectLayer(pyprojectFile: string, options: UvProjectArguments): Layer {
  const where = "withUvProject";
  const { uvlock, extras, groups, projectInstallMode, ...pip } = checkOptions(where, options, [
    ...pipArgumentNames,
    "uvlock",
    "extras",
    "groups",
    "projectInstallMode",
  ]);
  return {
    kind: "uvProject",
    pyprojectFile: checkLine(where, "the project's file", pyprojectFile),
    uvlock: uvlock === undefined ? undefined : checkLine(where, "uvlock", uvlock),
    extras: partNames(where, "extra", extras),
    groups: partNames(where, "group", groups),
    pip: pipOptions(where, pip),
    projectInstallMode: installMode(where, projectInstallMode),
  };
}

/** Creates the layer of `withPoetryProject`. */
export function poetryProjectLayer(pyprojectFile: string, options: PoetryProjectArguments): Layer {
  const where = "withPoetryProject";
  const { poetryLock, poetryVersion, extras, groups, extraArgs, secretMounts, projectInstallMode } = checkOptions(
    where,
    options,
    poetryArgumentNames,
  );
  return {
    kind: "poetryProject",
    pyprojectFile: checkLine(where, "the project's file", pyprojectFile),
    poetryLock: poetryLock === undefined ? undefined : checkLine(where, "poetryLock", poetryLock),
    extras: partNames(where, "extra", extras),
    groups: partNames(where, "group", groups),
    poetryVersion: poetryVersion === undefined ? undefined : checkVersion(where, "poetryVersion", poetryVersion),
    extraArgs: optionalArguments(where, extraArgs),
    secrets: secretsOf(where, secretMounts),
    projectInstallMode: installMode(where, projectInstallMode),
  };
}

/** Creates the layer of `fromUvScript`; its other options belong to the image. */
export function uvScriptLayer(script: string, pip: PipArguments): Layer {
  const where = "fromUvScript";
  return { kind: "uvScript", script: checkLine(where, "the script", script), pip: pipOptions(where, pip) };
}

/** Creates a layer with the wheels of `uv build` in a folder, which are newer than those of any index. */
export function wheelsLayer(folder: string, packageName: string): Layer {
  return { kind: "pythonWheels", folder, packageName, pip: pipOptions("withLocalV2", {}) };
}

/** Creates the layers of `withLocalV2Plugins`, one per plugin. */
export function pluginWheelsLayers(plugins: string | readonly string[]): Layer[] {
  const where = "withLocalV2Plugins";
  return checkList(where, "the plugins", plugins).map((each) => {
    const plugin = checkLine(where, "a plugin", each);
    if (!/^flyteplugins-[a-z0-9-]+$/.test(plugin)) {
      throw definitionInvalid(
        where,
        `"${plugin}" is not a plugin name. It must start with "flyteplugins-", such as "flyteplugins-ray".`,
      );
    }
    return wheelsLayer(`plugins/${plugin.slice("flyteplugins-".length)}/dist`, plugin.replaceAll("-", "_"));
  });
}

function split<Options extends object>(
  where: string,
  args: PackagesAndOptions<Options>,
): { packages: string[]; options: Options | Record<string, never> } {
  const last = args.at(-1);
  const hasOptions = typeof last === "object" && last !== null && !Array.isArray(last);
  const packages = (hasOptions ? args.slice(0, -1) : args).map((each: unknown) => checkPackage(where, each));
  return { packages, options: hasOptions ? last : {} };
}

function checkPackage(where: string, value: unknown): string {
  if (Array.isArray(value))
    throw definitionInvalid(where, `expected a package but got a list. Spread it: ${where}(...packages).`);
  const name = checkLine(where, "a package", value).trim();
  if (name.startsWith("-"))
    throw definitionInvalid(
      where,
      `"${name}" is an option, not a package. ` +
        `${where === "withAptPackages" ? "Remove it" : "Pass options in extraArgs"}.`,
    );
  return checkNoCredential(where, "the package", name);
}

/** The names of extras or groups, each once; nothing for none. */
function partNames(
  where: string,
  what: string,
  names: string | readonly string[] | undefined,
): readonly string[] | undefined {
  const checked = checkList(where, `the ${what}s`, names ?? []).map((each) => {
    const name = checkLine(where, `the name of a ${what}`, each);
    if (!/^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/.test(name))
      throw definitionInvalid(where, `"${name}" is not a valid name of a ${what}. Use letters, digits and "._-".`);
    return name;
  });
  return checked.length === 0 ? undefined : [...new Set(checked)];
}

function destination(where: string, dst = "."): string {
  return checkLine(where, "dst", dst);
}

const installModes = ["dependencies_only", "install_project"] as const;

function installMode(where: string, mode: ProjectInstallMode = "dependencies_only"): ProjectInstallMode {
  return checkChoice(where, "projectInstallMode", mode, installModes);
}
