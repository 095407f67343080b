import { encode } from "../definition/canonical";
import { checkLine, definitionInvalid } from "../definition/check";
import { checkImageName, cloneDefinition } from "../definition/cloneDefinition";
import { debianLayers, slimImage } from "../definition/debianBase";
import type { ImageDefinition } from "../definition/definition";
import { methodOf, type Layer } from "../definition/layers";
import * as copy from "../definition/makeCopyLayers";
import * as packages from "../definition/makePackageLayers";
import * as projects from "../definition/makeProjectLayers";
import * as run from "../definition/makeRunLayers";
import type { PackageArguments, PipOptions } from "../definition/pipOptions";
import { checkPythonVersion } from "../definition/pythonVersion";
import { checkVersion } from "../definition/renderOptions";
import { secretsOf } from "../definition/secret";

/**
 * Checks that a definition can result from the methods of `Image`: each layer is created again from its own parts and
 * must be the same, so that the rules exist only once.
 *
 * @throws ImageBuilderError `imageInvalid`
 */
export function checkMade(given: ImageDefinition): ImageDefinition {
  const where = "Image";
  const { baseImage, dockerfile, refName, registry, registrySecret, name, pythonVersion, isSlim, isCloned, layers } =
    given;
  if (baseImage !== undefined) checkImageName(where, "the base image", baseImage);
  for (const line of [dockerfile, refName, name]) if (line !== undefined) checkLine(where, "a name", line);
  if (pythonVersion) checkPythonVersion(where, pythonVersion);
  if (isSlim && pythonVersion && baseImage !== undefined && baseImage !== slimImage(pythonVersion)) throw odd(where);
  // A reference name need not be a valid repository name.
  if (registry !== undefined || name !== refName) cloneDefinition(given, where, { registry, name });
  if (registrySecret && encode(secretsOf(where, registrySecret)) !== encode([registrySecret])) throw odd(where);
  if ((dockerfile !== undefined || !isCloned) && layers.length > 0) throw odd(where);
  const { buildArgs, uvVersion } = given;
  if (uvVersion !== undefined) checkVersion(where, "uvVersion", uvVersion);
  if (buildArgs && dockerfile === undefined) throw odd(where);
  if (buildArgs) run.buildArgumentsOf(where, Object.fromEntries(buildArgs));
  for (const layer of layers) if (encode(madeAgain(layer)) !== encode(layer)) throw odd(methodOf(layer));
  return given;
}

function odd(where: string): Error {
  return definitionInvalid(where, "no method creates this combination of values.");
}

function madeAgain(layer: Layer): Layer {
  switch (layer.kind) {
    case "aptPackages":
      return packages.aptPackagesLayer([...layer.packages, { secretMounts: layer.secrets }]);
    case "systemPackages":
      return packages.systemPackagesLayer(layer.manager, [...layer.packages, { secretMounts: layer.secrets }]);
    case "pipPackages":
      return packages.pipPackagesLayer([...layer.packages, pipArguments(layer.pip)]);
    case "requirements":
      return packages.requirementsLayer(layer.file, pipArguments(layer.pip));
    case "envVars":
      return run.envVarsLayer(
        Object.fromEntries(
          layer.variables.map(([name, value, mode]) => [name, mode === undefined ? value : { expand: value }]),
        ),
      );
    case "workdir":
      return run.workdirLayer(layer.path);
    case "commands":
      return run.commandsLayer(layer.commands, { secretMounts: layer.secrets, sshMount: layer.ssh });
    case "sourceFolder":
      return copy.sourceFolderLayer(layer.src, { dst: layer.dst, copyContentsOnly: layer.copyContentsOnly });
    case "sourceFile":
      return copy.sourceFileLayer(layer.src, { dst: layer.dst });
    case "codeBundle":
      return copy.codeBundleLayer({ copyStyle: layer.copyStyle, dst: layer.dst });
    case "dockerignore":
      return copy.dockerignoreLayer(layer.path);
    case "uvProject":
      return projects.uvProjectLayer(layer.pyprojectFile, {
        ...pipArguments(layer.pip),
        uvlock: layer.uvlock,
        extras: layer.extras,
        groups: layer.groups,
        projectInstallMode: layer.projectInstallMode,
      });
    case "poetryProject": {
      const { poetryLock, poetryVersion, extras, groups, extraArgs, secrets, ssh, projectInstallMode } = layer;
      return projects.poetryProjectLayer(layer.pyprojectFile, {
        poetryLock,
        poetryVersion,
        extras,
        groups,
        extraArgs,
        secretMounts: secrets,
        sshMount: ssh,
        projectInstallMode,
      });
    }
    case "uvScript":
      return projects.uvScriptLayer(layer.script, pipArguments(layer.pip));
    case "pythonWheels":
      if (layer.packageName === "flyte") return projects.wheelsLayer("dist", "flyte");
      return projects.pluginWheelsLayers(layer.packageName.replaceAll("_", "-"))[0] ?? { ...layer, folder: "" };
    case "labels":
      return run.labelsLayer(Object.fromEntries(layer.labels));
    case "runUser":
      return run.runUserLayer(layer.user);
    case "entrypoint":
      return run.entrypointLayer(layer.command);
    case "cmd":
      return run.cmdLayer(layer.command);
    case "expose":
      return run.exposeLayer(layer.ports);
    case "buildArgs":
      return run.buildArgsLayer(Object.fromEntries(layer.args));
    case "user":
      return debianLayers.find(({ kind }) => kind === layer.kind) ?? { kind: "user", name: "" };
  }
}

function pipArguments({ secrets, ssh, ...pip }: PipOptions): PackageArguments {
  return { ...pip, secretMounts: secrets, sshMount: ssh };
}
