import { imageNameProblem, parseImageReference } from "../../base/imageReference";
import { checkFlag, checkLine, definitionInvalid, describe } from "./check";
import { slimImage } from "./debianBase";
import type { CloneOptions, ImageDefinition } from "./definition";
import { isLayer, methodOf, type Layer } from "./layers";
import { checkPlatforms } from "./platform";
import { checkPythonVersion } from "./pythonVersion";
import { checkVersion } from "./renderOptions";
import { secretsOf } from "./secret";
import { withoutEnd } from "../../base/trimText";

/**
 * Returns the definition with the given changes; options that are undefined or empty are ignored.
 *
 * @param where called method, for messages
 * @throws ImageBuilderError `imageInvalid`
 */
export function cloneDefinition<Changed extends boolean>(
  definition: ImageDefinition,
  where: string,
  changes: CloneOptions<Changed>,
): ImageDefinition<Changed> {
  const name = changes.name ? checkLine(where, "name", changes.name) : definition.name;
  const { addlLayer, extendable = definition.extendable } = changes;
  if (typeof extendable !== "boolean")
    throw definitionInvalid(where, `extendable is ${describe(extendable)}. Use true or false.`);
  if (addlLayer && !isLayer(addlLayer))
    throw definitionInvalid(
      where,
      `addlLayer is ${describe(addlLayer)}. Use a layer of another image, such as image.layers[0].`,
    );
  if (addlLayer) checkTakesLayer(definition, addlLayer, name);
  const pythonVersion = changes.pythonVersion
    ? checkPythonVersion(where, changes.pythonVersion)
    : definition.pythonVersion;
  const isSlim = definition.isSlim && !changes.baseImage;
  const baseImage = changes.baseImage ? checkImageName(where, "baseImage", changes.baseImage) : definition.baseImage;
  const registry = changes.registry
    ? withoutEnd(checkLine(where, "registry", changes.registry), "/")
    : definition.registry;
  if (changes.registry || changes.name) checkRepository(where, registry, name);
  const [registrySecret] = changes.registrySecret
    ? secretsOf(where, [changes.registrySecret])
    : [definition.registrySecret];
  return {
    ...definition,
    baseImage: isSlim && pythonVersion ? slimImage(pythonVersion) : baseImage,
    isSlim,
    registry,
    registrySecret,
    name,
    platform: changes.platform ? checkPlatforms(where, changes.platform) : definition.platform,
    pythonVersion,
    uvVersion: changes.uvVersion ? checkVersion(where, "uvVersion", changes.uvVersion) : definition.uvVersion,
    systemSitePackages:
      changes.systemSitePackages === undefined
        ? definition.systemSitePackages
        : checkFlag(where, "systemSitePackages", changes.systemSitePackages),
    isDefaultPython: changes.pythonVersion || changes.baseImage ? undefined : definition.isDefaultPython,
    isDefaultPlatform: changes.platform ? undefined : definition.isDefaultPlatform,
    // If the option is left out, the caller's type argument matches the definition.
    extendable: extendable as Changed,
    isCloned: true,
    layers: addlLayer ? [...definition.layers, addlLayer] : definition.layers,
  };
}

/** Checks that a layer can be added to an image. @throws ImageBuilderError `imageInvalid` */
export function checkTakesLayer(
  { extendable, dockerfile }: ImageDefinition,
  layer: Layer,
  name: string | undefined,
): void {
  const where = methodOf(layer);
  if (!extendable) {
    throw definitionInvalid(
      where,
      "layers can't be added to a non-extendable image. Clone it first, with a name and extendable: true.",
    );
  }
  if (dockerfile !== undefined)
    throw definitionInvalid(
      where,
      `layers can't be added to an image built from a Dockerfile. Add them to "${dockerfile}" instead.`,
    );
  if (!name)
    throw definitionInvalid(where, "layers can't be added to an image without a name. Clone it with a name first.");
}

function checkRepository(where: string, registry: string | undefined, name = "image"): void {
  if (registry?.includes("://"))
    throw definitionInvalid(
      where,
      `registry "${registry}" starts with a scheme. Use "${registry.replace(/^.*:\/\//, "")}".`,
    );
  const { tag, digest } = parseImageReference(
    checkImageName(where, "registry and name", registry === undefined ? name : `${registry}/${name}`),
  );
  const surplus = digest ?? tag;
  if (surplus !== undefined)
    throw definitionInvalid(
      where,
      `name "${name}" ends in "${surplus}". Remove that part; the tag is computed from the content.`,
    );
}

/** Checks an image name. @throws ImageBuilderError `imageInvalid` */
export function checkImageName(where: string, what: string, name: unknown): string {
  const text = checkLine(where, what, name);
  const problem = imageNameProblem(text);
  if (problem !== undefined) throw definitionInvalid(where, `${what} "${text}" is not a valid image name. ${problem}`);
  return text;
}
