/** The options among further arguments of a program, as far as white space tells them apart: `--index=a` is `--index`. */
export function wordsOf(extraArgs: string | undefined): ReadonlySet<string> {
  return new Set(
    (extraArgs ?? "").split(/\s+/).map((word) => (word.startsWith("-") ? (word.split("=")[0] ?? "") : word)),
  );
}
