import { ImageBuilderError } from "../../core/base/errors";
import { parseImageReference, qualifyImageName } from "../../core/base/imageReference";
import type { RegistryConfig } from "../../core/contracts/registryConfig";
import { expandTagTemplate, type TagVariables } from "../../core/jobs/tagTemplate";

/**
 * Returns the full image names for a typed text: with variables expanded, the registry's host added, and a tag each
 * (default `latest`).
 *
 * @param typed one name, or several separated by commas
 * @param registry registry that the names are pushed to; without one, no host is added. If it has a default repository,
 * a tag alone (`:v1`) is accepted
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

/**
 * Moves a template's names to the registry's default repository and keeps only their tags. Without a default
 * repository, returns the template unchanged.
 */
export function inDefaultRepository(template: string, repository: string | undefined): string {
  if (repository === undefined) return template;
  return template
    .split(",")
    .map((name) => repository + (/:[^:/]*$/.exec(name.trim())?.[0] ?? ""))
    .join(",");
}
