/** Maximum number of lines that are proposed to replace one. */
const mostChoices = 50;

/**
 * Expands braces as a shell does: `*.{js,ts}` becomes `*.js` and `*.ts`. Returns an empty array for more than 50 texts.
 */
export function expandBraces(text: string): string[] {
  return choicesIn(text) > mostChoices ? [] : expanded(text);
}

/** Returns the number of texts without creating them: each brace multiplies it. Stops counting above the maximum. */
function choicesIn(text: string): number {
  let choices = 1;
  for (let rest = text, braces = firstBraces(rest); braces && choices <= mostChoices; braces = firstBraces(rest)) {
    const [choice = "", ...others] = (braces[1] ?? "").split(",");
    choices *= others.length + 1;
    // One choice represents all of them, so that the braces around them are counted too.
    rest = rest.slice(0, braces.index) + choice + rest.slice(braces.index + braces[0].length);
  }
  return choices;
}

function firstBraces(text: string): RegExpExecArray | null {
  return /(?<!\\)\{([^{},]*,[^{}]*)\}/.exec(text);
}

function expanded(text: string): string[] {
  const braces = firstBraces(text);
  if (!braces) return [text];
  const before = text.slice(0, braces.index);
  const after = text.slice(braces.index + braces[0].length);
  return (braces[1] ?? "").split(",").flatMap((choice) => expanded(before + choice + after));
}
