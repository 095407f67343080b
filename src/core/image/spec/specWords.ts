import { messageOf } from "../../base/errors";

/**
 * Converts a method's error message to the words of an image spec: removes the method's name in front, because the
 * position shows the layer, and replaces names of methods with keys.
 */
export function inSpecWords(error: unknown): string {
  const message = messageOf(error).replace(/^\w+: /, "");
  const renamed = message.replace(
    /\bwith([A-Z]\w*)/g,
    (_method, name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
  );
  // A key at the beginning of a sentence keeps its case.
  return /^[a-z]+[A-Z]/.test(renamed) ? renamed : `${renamed.charAt(0).toUpperCase()}${renamed.slice(1)}`;
}
