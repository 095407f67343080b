import { messageOf } from "../../base/errors";

/**
 * What a method says of its arguments, in the words of a spec file: its place says which layer is meant, and keys are
 * not methods.
 */
export function inSpecWords(error: unknown): string {
  const message = messageOf(error).replace(/^\w+: /, "");
  const renamed = message.replace(
    /\bwith([A-Z]\w*)/g,
    (_method, name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
  );
  // A sentence may begin with a key, which stays as it is written.
  return /^[a-z]+[A-Z]/.test(renamed) ? renamed : `${renamed.charAt(0).toUpperCase()}${renamed.slice(1)}`;
}
