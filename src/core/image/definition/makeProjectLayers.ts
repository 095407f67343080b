import { checkChoice, checkLine, checkList, checkOptions, definitionInvalid } from "./check";
import type { Layer, ProjectInstallMode } from "./layers";
import { optionalArguments, pipArgumentNames, pipOptions, type PipArguments } from "./pipOptions";
import { checkVersion } from "./renderOptions";
import { secretsOf, type SecretArguments } from "./secret";
import { sshMountOf, type SshArguments } from "./sshMount";

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
export interface PoetryProjectArguments extends SecretArguments, SshArguments, ProjectArguments {
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
  "sshMount",
  "projectInstallMode",
] as const;

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
  const { poetryLock, poetryVersion, extras, groups, extraArgs, secretMounts, sshMount, projectInstallMode } =
    checkOptions(where, options, poetryArgumentNames);
  return {
    kind: "poetryProject",
    pyprojectFile: checkLine(where, "the project's file", pyprojectFile),
    poetryLock: poetryLock === undefined ? undefined : checkLine(where, "poetryLock", poetryLock),
    extras: partNames(where, "extra", extras),
    groups: partNames(where, "group", groups),
    poetryVersion: poetryVersion === undefined ? undefined : checkVersion(where, "poetryVersion", poetryVersion),
    extraArgs: optionalArguments(where, extraArgs),
    secrets: secretsOf(where, secretMounts),
    ssh: sshMountOf(where, { sshMount }),
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

/** Returns the names of extras or groups, each once; nothing for none. */
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

const installModes = ["dependencies_only", "install_project"] as const;

function installMode(where: string, mode: ProjectInstallMode = "dependencies_only"): ProjectInstallMode {
  return checkChoice(where, "projectInstallMode", mode, installModes);
}
