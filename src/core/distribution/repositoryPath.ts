import { parseImageReference } from "../base/imageReference";

/**
 * Returns the path of a repository, after checking the names: those from a registry must not lead to other paths.
 *
 * @throws ImageBuilderError `imageNameInvalid`
 */
export function pathOf(repository: string, reference = "latest"): string {
  parseImageReference(`registry.invalid/${repository}${reference.includes(":") ? "@" : ":"}${reference}`);
  return `/v2/${repository}`;
}

/** Returns the name of an image in a repository, such as `team/app:1`. @param reference a tag or a digest */
export function nameOf(repository: string, reference: string): string {
  return `${repository}${reference.includes(":") ? "@" : ":"}${reference}`;
}

/** Returns the scope of a token that reads a repository. */
export function pullScope(repository: string): string {
  return `repository:${repository}:pull`;
}
