import { messageOf } from "../../base/errors";

/**
 * Converts a method's error message to the words of an image spec: removes the method's name in front, because the
 * position shows the layer, and replaces names of methods with keys.
 */
export function inSpecWords(error: unknown): string {
  const message = messageOf(error).replace(/^\w+: /, "");
  const renamed = message.replace(/\bwith[A-Z]\w*/g, keyOfMethod);
  // A key at the beginning of a sentence keeps its case.
  return /^[a-z]+[A-Z]/.test(renamed) ? renamed : `${renamed.charAt(0).toUpperCase()}${renamed.slice(1)}`;
}

/** Returns the key of a layer for the name of its method. */
export function keyOfMethod(method: string): string {
  const name = method.slice("with".length);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
