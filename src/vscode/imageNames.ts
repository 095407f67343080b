import { ImageBuilderError } from "../core/errors";
import { parseImageReference, qualifyImageName } from "../core/imageReference";
import { expandTagTemplate, type TagVariables } from "../core/tagTemplate";

/**
 * The full names that a person means: variables replaced, each in its registry, each with a tag.
 *
 * @param typed one name, or several separated by commas
 * @param registryUri where they are pushed to; without it they stay as they are
 * @throws ImageBuilderError `imageNameInvalid` or `imageForeign`, with the exact reason
 */
export function resolveImageNames(typed: string, variables: TagVariables, registryUri?: string): string[] {
  const names = expandTagTemplate(typed, variables).split(",").map((name) => {
    const qualified = registryUri === undefined ? name.trim() : qualifyImageName(name.trim(), registryUri);
    const { tag, digest } = parseImageReference(qualified);
    if (digest !== undefined) {
      throw new ImageBuilderError("imageNameInvalid", `"${name.trim()}" has a digest, which the registry gives once the image is built: leave out "@${digest}".`);
    }
    return tag === undefined ? `${qualified}:latest` : qualified;
  });
  return [...new Set(names)];
}
