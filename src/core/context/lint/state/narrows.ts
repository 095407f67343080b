/**
 * Whether a pattern is about what is in the folder that another one names, and so takes back a part of it on purpose.
 */
export function narrows(folder: string, pattern: string): boolean {
  const names = withoutContent(folder);
  const others = withoutContent(pattern);
  return names.length <= others.length && names.every((name, index) => name === others[index]);
}

/** The names of a path; a folder and all that is in it are one. */
export function withoutContent(text: string): string[] {
  const names = text.split("/");
  while (names.length > 0 && /^\*+$/.test(names.at(-1) ?? "")) names.pop();
  return names;
}
