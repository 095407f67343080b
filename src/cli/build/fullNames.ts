import { ImageBuilderError } from "../../core/base/errors";
import { parseImageReference } from "../../core/base/imageReference";

/**
 * Returns image names without duplicates, each with its tag; default is `latest`. @throws ImageBuilderError
 * `imageNameInvalid`
 */
export function fullNames(written: readonly string[]): string[] {
  return [...new Set(written.map(fullName))];
}

function fullName(name: string): string {
  const { tag, digest } = parseImageReference(name);
  if (digest === undefined) return tag === undefined ? `${name}:latest` : name;
  throw new ImageBuilderError(
    "imageNameInvalid",
    `"${name}" contains a digest, but the registry assigns the digest after the build. Remove "@${digest}".`,
  );
}
