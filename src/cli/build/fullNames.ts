import { ImageBuilderError } from "../../core/base/errors";
import { parseImageReference } from "../../core/base/imageReference";

/** The names of an image, each once and with its tag. @throws ImageBuilderError `imageNameInvalid` */
export function fullNames(written: readonly string[]): string[] {
  return [...new Set(written.map(fullName))];
}

function fullName(name: string): string {
  const { tag, digest } = parseImageReference(name);
  if (digest === undefined) return tag === undefined ? `${name}:latest` : name;
  throw new ImageBuilderError(
    "imageNameInvalid",
    `"${name}" has a digest, which the registry assigns once the image is built: leave out "@${digest}".`,
  );
}
