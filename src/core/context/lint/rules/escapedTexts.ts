/** Returns variants of an invalid line with possibly literal characters escaped, the most likely first. */
export function escapedTexts(text: string): string[] {
  const texts = [
    text.replace(/\\(?=[0-9A-Za-z])/g, ""),
    text.replace(/(?<!\\)\[/g, "\\["),
    text.replace(/(?<!\\)[{}]/g, "\\$&"),
    text.replace(/(?<!\\)[[\]{}]/g, "\\$&"),
    text.endsWith("\\") ? `${text}\\` : text,
  ];
  return [...new Set(texts)].filter((each) => each !== text);
}
