import { checkLine, checkOptions, definitionInvalid, describe } from "./check";
import { checkImageName, cloneDefinition } from "./cloneDefinition";
import { debianLayers, defaultFlyteVersion, flyteImage, slimImage } from "./debianBase";
import type { DebianBaseOptions, DockerfileOptions, ImageDefinition, UvScriptOptions } from "./definition";
import { uvScriptLayer } from "./makeProjectLayers";
import { buildArgumentsOf } from "./makeRunLayers";
import { checkPlatforms } from "./platform";
import { checkPythonVersion, defaultPython } from "./pythonVersion";

/** Properties of an image that is only a reference. */
const unchanged = {
  platform: ["linux/amd64"],
  extendable: false,
  isCloned: false,
  layers: [],
} as const satisfies Partial<ImageDefinition<false>>;

/**
 * Creates the definition of `fromDebianBase`. All functions of this file throw ImageBuilderError `imageInvalid` with
 * the method's name.
 */
export function debianBaseDefinition(options: DebianBaseOptions): ImageDefinition<true> {
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
  const start: ImageDefinition<true> = {
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
  };
  const { registry, registrySecret, name } = options;
  return registry || registrySecret || name ? cloneDefinition(start, where, { registry, registrySecret, name }) : start;
}

/** Creates the definition of `fromBase`. */
export function baseDefinition(imageUri: string): ImageDefinition<false> {
  return { baseImage: checkImageName("fromBase", "the image", imageUri), isSlim: false, ...unchanged };
}

/** Creates the definition of `fromRefName`. */
export function refNameDefinition(name: string): ImageDefinition<false> {
  return { refName: checkLine("fromRefName", "the name", name), name, isSlim: false, ...unchanged };
}

/** Creates the definition of `fromUvScript`. */
export function uvScriptDefinition(script: string, options: UvScriptOptions): ImageDefinition<true> {
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
    "sshMount",
  ] as const;
  const { name, registry, registrySecret, pythonVersion, platform, ...pip } = checkOptions(where, options, known);
  const start = debianBaseDefinition({ installFlyte: false, pythonVersion, platform });
  const layers = [...start.layers, uvScriptLayer(script, pip)];
  return cloneDefinition({ ...start, pythonVersion, layers }, where, {
    name: checkLine(where, "name", name),
    registry,
    registrySecret,
  });
}

/** Creates the definition of `fromDockerfile`. */
export function dockerfileDefinition(file: string, options: DockerfileOptions): ImageDefinition<false> {
  const where = "fromDockerfile";
  const known = ["registry", "name", "platform", "buildArgs"] as const;
  const { registry, name, platform, buildArgs } = checkOptions(where, options, known);
  const start: ImageDefinition<false> = {
    dockerfile: checkLine(where, "the file", file),
    isSlim: false,
    ...(buildArgs !== undefined && { buildArgs: buildArgumentsOf(where, buildArgs) }),
    ...unchanged,
  };
  return cloneDefinition(start, where, {
    registry: checkLine(where, "registry", registry),
    name: checkLine(where, "name", name),
    platform,
  });
}
