import type { BuildOptions } from "../base/buildOptions";
import { ImageBuilderError } from "../base/errors";
import { parseImageReference } from "../base/imageReference";
import type { ContainerRegistry } from "../contracts/containerRegistry";

/**
 * Returns all names of a build's image, the main one first.
 *
 * @throws ImageBuilderError `imageNameInvalid`, `imageForeign`, `optionInvalid` for an export that would be pushed
 */
export function imageNamesOf(
  imageName: string,
  { tags = [], output }: BuildOptions,
  registry: ContainerRegistry | undefined,
): readonly string[] {
  const names = [imageName, ...tags];
  for (const name of names) {
    parseImageReference(name);
    registry?.checkOwns(name);
  }
  if (output && registry)
    throw new ImageBuilderError(
      "optionInvalid",
      "An exported build can't be pushed. Remove the output or the registry.",
    );
  return names;
}
