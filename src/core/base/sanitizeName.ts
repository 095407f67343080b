import { ImageBuilderError } from "./errors";
import { withoutEdges } from "./trimText";

const imageIdPattern = /^[0-9a-f]{64}$/;
const maxLength = 128;

/** Creates a valid repository name from any text, such as a folder's name. */
export function sanitizeImageName(text: string): string {
  const separated = text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, (run) => (/^(?:\.|_|__|-+)$/.test(run) ? run : "-"))
    .slice(0, maxLength);
  const name = withoutEdges(separated, "._-");
  return name === "" || imageIdPattern.test(name) ? `image${name}` : name;
}

/**
 * Creates a tag from any text by ZenML's rule: removes invalid characters, replaces a leading `-` or `.` with `_`, and
 * keeps 128 characters.
 *
 * @throws ImageBuilderError `imageNameInvalid` if nothing remains
 */
export function sanitizeTag(text: string): string {
  const tag = text
    .replace(/[^A-Za-z0-9_.-]/g, "")
    .replace(/^[-.]/, "_")
    .slice(0, maxLength);
  if (tag === "")
    throw new ImageBuilderError(
      "imageNameInvalid",
      `Can't create a tag from "${text}": it needs a letter, a digit, "_", "." or "-".`,
    );
  return tag;
}
