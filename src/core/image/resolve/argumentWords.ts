/** Returns the options in extra arguments of a program, split at white space: `--index=a` is `--index`. */
export function wordsOf(extraArgs: string | undefined): ReadonlySet<string> {
  return new Set(
    (extraArgs ?? "").split(/\s+/).map((word) => (word.startsWith("-") ? (word.split("=")[0] ?? "") : word)),
  );
}
