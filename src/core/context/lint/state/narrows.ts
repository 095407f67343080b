/**
 * Whether a pattern is about the contents of the folder that another one names, and so overrides a part of it on
 * purpose.
 */
export function narrows(folder: string, pattern: string): boolean {
  const names = withoutContent(folder);
  const others = withoutContent(pattern);
  return names.length <= others.length && names.every((name, index) => name === others[index]);
}

/** Returns the names of a path without trailing wildcards, so a folder and everything in it are equal. */
export function withoutContent(text: string): string[] {
  const names = text.split("/");
  while (names.length > 0 && /^\*+$/.test(names.at(-1) ?? "")) names.pop();
  return names;
}
