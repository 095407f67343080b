/** What a shell makes of braces: `*.{js,ts}` is `*.js` and `*.ts`. */
export function expandBraces(text: string): string[] {
  const braces = /(?<!\\)\{([^{}]*,[^{}]*)\}/.exec(text);
  if (!braces) return [text];
  const before = text.slice(0, braces.index);
  const after = text.slice(braces.index + braces[0].length);
  return (braces[1] ?? "").split(",").flatMap((choice) => expandBraces(before + choice + after));
}
