/** So many lines nobody wants in the place of one. */
const mostChoices = 50;

/** What a shell makes of braces: `*.{js,ts}` is `*.js` and `*.ts`; nothing where that would be more than 50 texts. */
export function expandBraces(text: string): string[] {
  return choicesIn(text) > mostChoices ? [] : expanded(text);
}

/**
 * How many texts come of it, counted before any is made: each brace multiplies them. Infinity for too many to count.
 */
function choicesIn(text: string): number {
  let choices = 1;
  for (let rest = text, braces = firstBraces(rest); braces && choices <= mostChoices; braces = firstBraces(rest)) {
    const [choice = "", ...others] = (braces[1] ?? "").split(",");
    choices *= others.length + 1;
    // One of the choices stands for all, so that braces around these are seen too.
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
