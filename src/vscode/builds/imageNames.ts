import { ImageBuilderError } from "../../core/base/errors";
import { parseImageReference, qualifyImageName } from "../../core/base/imageReference";
import type { RegistryConfig } from "../../core/contracts/registryConfig";
import { expandTagTemplate, type TagVariables } from "../../core/jobs/tagTemplate";

/**
 * The full names that a person means: variables replaced, each in its registry, each with a tag.
 *
 * @param typed one name, or several separated by commas
 * @param registry where they are pushed to; without it they stay as they are. One that has a default repository takes a
 * mere tag, `:v1`
 * @throws ImageBuilderError `imageNameInvalid` or `imageForeign`, with the exact reason
 */
export function resolveImageNames(
  typed: string,
  variables: TagVariables,
  registry?: Pick<RegistryConfig, "uri" | "defaultRepository">,
): string[] {
  const names = expandTagTemplate(typed, variables)
    .split(",")
    .map((typedName) => {
      const name = typedName.trim();
      const named = name.startsWith(":") ? `${registry?.defaultRepository ?? ""}${name}` : name;
      const qualified = registry === undefined ? named : qualifyImageName(named, registry.uri);
      const { tag, digest } = parseImageReference(qualified);
      if (digest !== undefined) {
        throw new ImageBuilderError(
          "imageNameInvalid",
          `"${name}" contains a digest, but the registry assigns the digest after the build. Remove "@${digest}".`,
        );
      }
      return tag === undefined ? `${qualified}:latest` : qualified;
    });
  return [...new Set(names)];
}

/** A template's names in a registry's default repository, where it has one: only their tags are kept. */
export function inDefaultRepository(template: string, repository: string | undefined): string {
  if (repository === undefined) return template;
  return template
    .split(",")
    .map((name) => repository + (/:[^:/]*$/.exec(name.trim())?.[0] ?? ""))
    .join(",");
}
