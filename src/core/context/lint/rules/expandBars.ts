/** Maximum number of lines that are proposed to replace one. */
const mostChoices = 50;
/** Maximum depth of nested groups. */
const deepest = 8;

/**
 * Expands bars and the groups around them as a regular expression does: `*.(a|b)` is `*.a` and `*.b`, as is the shell's
 * `*.@(a|b)`. Returns an empty array if a group is not closed, is repeated, or means something else in a shell, and for
 * more than 50 texts.
 */
export function expandBars(text: string): string[] {
  const choices = alternatives(text, 0);
  const isSound =
    choices !== undefined &&
    choices.length <= mostChoices &&
    choices.every((each) => each !== "" && !/[()|]/.test(each));
  return isSound ? [...new Set(choices)] : [];
}

function alternatives(text: string, depth: number): string[] | undefined {
  const parts = depth > deepest ? undefined : splitOutside(text);
  if (!parts) return undefined;
  const found: string[] = [];
  for (const part of parts) {
    const expanded = sequence(part, depth);
    if (!expanded || found.length + expanded.length > mostChoices) return undefined;
    found.push(...expanded);
  }
  return found;
}

/** Expands the groups of one alternative. */
function sequence(text: string, depth: number): string[] | undefined {
  const open = text.indexOf("(");
  if (open < 0) return [text];
  const close = closing(text, open);
  const before = /[@?*+!]$/.exec(text.slice(0, open))?.[0];
  const after = text.slice(close + 1);
  // `?(`, `*(`, `+(`, and `!(` have different meanings in a shell and in a regular expression.
  if (close < 0 || (before !== undefined && before !== "@") || /^[?*+{]/.test(after)) return undefined;
  const inner = alternatives(text.slice(open + 1, close).replace(/^\?:/, ""), depth + 1);
  const rest = sequence(after, depth);
  if (!inner || !rest || inner.length * rest.length > mostChoices) return undefined;
  const start = text.slice(0, before === undefined ? open : open - 1);
  return inner.flatMap((choice) => rest.map((each) => start + choice + each));
}

/** Splits a text at the bars outside groups; returns undefined if a group is not closed. */
function splitOutside(text: string): string[] | undefined {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")" && --depth < 0) return undefined;
    if (character === "|" && depth === 0) parts.push("");
    else parts.push((parts.pop() ?? "") + character);
  }
  return depth === 0 ? parts : undefined;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "(") depth++;
    if (text[at] === ")" && --depth === 0) return at;
  }
  return -1;
}
