import { findSecrets } from "../context/review/findSecrets";

/** Names of build arguments whose values are probably secret, by whole words. */
const secretName =
  /(?:^|[_-])(?:token|secret|passwd|password|pwd|pass|credentials?|auth|(?:api|access|private)[_-]?key)s?(?:$|[_-])/i;

/** Build options as they are stored, and the names of the build arguments that were left out. */
export interface StoredOptions {
  readonly options: Record<string, unknown>;
  readonly omittedArgs: readonly string[];
}

/**
 * Returns the options of a build without build arguments that may be secret: they are stored in plain text. Sources of
 * secrets, such as the name of a variable, are no secrets.
 */
export function storedOptions(options: Readonly<Record<string, unknown>>): StoredOptions {
  const { buildArgs } = options;
  if (typeof buildArgs !== "object" || buildArgs === null) return { options: { ...options }, omittedArgs: [] };
  const entries = Object.entries(buildArgs);
  const omitted = entries.filter(([name, value]) => secretName.test(name) || isSecret(value)).map(([name]) => name);
  return {
    options: { ...options, buildArgs: Object.fromEntries(entries.filter(([name]) => !omitted.includes(name))) },
    omittedArgs: omitted,
  };
}

function isSecret(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const search = findSecrets(value);
  for (;;) {
    const step = search.next();
    if (step.done) return step.value.length > 0;
  }
}
