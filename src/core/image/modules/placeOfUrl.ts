import { fileURLToPath } from "node:url";
import type { ErrorLocation } from "../../base/errors";

const lineNumber = /^[1-9]\d{0,6}$/;

/**
 * Returns a position in one of Node's stacks or reports; undefined if it is not a file of this machine or not a valid
 * line, since such a text may be forged.
 *
 * @param url URL of the file, such as `file:///folder/app.image.mjs`
 */
export function placeOfUrl(url: string, line: string | undefined, column?: string | number): ErrorLocation | undefined {
  if (line === undefined || !lineNumber.test(line)) return undefined;
  const isColumn = column !== undefined && lineNumber.test(String(column));
  try {
    return { file: fileURLToPath(url), line: Number(line), column: isColumn ? Number(column) : undefined };
  } catch {
    return undefined;
  }
}
