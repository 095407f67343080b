import { ImageBuilderError } from "../../core/base/errors";
import { parseImageReference } from "../../core/base/imageReference";
import type { ContainerRegistry } from "../../core/contracts/containerRegistry";
import { tagVariables } from "../../core/jobs/tagTemplate";
import { inDefaultRepository, resolveImageNames } from "../builds/imageNames";
import type { WithMemory } from "../platform/memory";
import { buildSettings } from "../platform/settings";
import { activeFolder } from "../settings/activeComponent";
import { isBrowseNode } from "./browse/browseNodes";

/**
 * Returns the repository that a push to a registry would go to: that of a tree's row, else the one of the open folder.
 *
 * @returns a path below the host; undefined where the folder's image name can't be used with the registry
 */
export async function pushedRepository(
  { memory }: WithMemory,
  registry: ContainerRegistry,
  target: unknown,
): Promise<string | undefined> {
  if (isBrowseNode(target) && target.kind !== "repositories") return target.repository.path;
  const folder = activeFolder();
  if (folder === undefined) return undefined;
  const { uri, defaultRepository } = registry.config;
  const last = memory.recall(folder);
  const isItsOwn = last.registry === undefined || last.registry === registry.name;
  const template =
    (isItsOwn ? last.imageName : undefined) ??
    inDefaultRepository(buildSettings(folder).tagTemplate, defaultRepository);
  try {
    const [name = ""] = resolveImageNames(template, await tagVariables(folder), { uri, defaultRepository });
    return parseImageReference(name).path;
  } catch (error) {
    // An incomplete name, or one of another registry, is reported when it is pushed.
    if (ImageBuilderError.is(error)) return undefined;
    throw error;
  }
}
