/** Maximum length of an image spec, in characters. */
const longestSpec = 32_768;
/** Maximum nesting of lists and maps. */
const deepestSpec = 100;
/** Maximum number of layers of an image spec; builders support a few hundred. */
export const mostLayers = 300;
/** Maximum number of reported mistakes of one kind. */
export const mostMistakes = 100;

/**
 * Returns why a text is too large for an image spec, as a complete sentence; undefined if it isn't. Checked before
 * parsing.
 */
export function tooLarge(text: string): string | undefined {
  if (text.length > longestSpec)
    return `This file has more than ${longestSpec} characters, so it is not read. Shorten it.`;
  return isTooDeep(text)
    ? `Lists and maps are nested more than ${deepestSpec} levels deep, so the file is not read. Reduce the nesting.`
    : undefined;
}

/** Counts open brackets, and the marks of list items and keys at the beginning of a line. */
function isTooDeep(text: string): boolean {
  let open = 0;
  let marks = 0;
  let isBegin = true;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === "\n") {
      marks = 0;
      isBegin = true;
    } else if (isBegin && "-?:".includes(character)) {
      marks++;
    } else if (character !== " ") {
      isBegin = false;
    }
    if (character === "[" || character === "{") open++;
    else if (character === "]" || character === "}") open = Math.max(0, open - 1);
    if (open > deepestSpec || marks > deepestSpec) return true;
  }
  return false;
}
