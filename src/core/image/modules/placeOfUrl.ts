import { fileURLToPath } from "node:url";
import type { ErrorLocation } from "../../base/errors";

const lineNumber = /^[1-9]\d{0,6}$/;

/**
 * Returns the place that a stack or a report of Node names; undefined for what is no file of this machine or no line of
 * one, since whoever writes such a text can write anything.
 *
 * @param url such as `file:///folder/app.image.mjs`
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
