/** The longest spec file that is read, in characters. */
const longestSpec = 32_768;
/** How deep lists and maps may stand in each other. */
const deepestSpec = 100;
/** How many layers an image may have here; builders take some hundred. */
export const mostLayers = 300;
/** How many mistakes of one kind are told. */
export const mostMistakes = 100;

/**
 * Why a text is no spec file, whatever it says, as a whole sentence; nothing if it may be one. Told before the text is
 * parsed.
 */
export function tooLarge(text: string): string | undefined {
  if (text.length > longestSpec)
    return `This file has more than ${longestSpec} characters, so it is not read. Shorten it.`;
  return isTooDeep(text)
    ? `Lists and maps are nested more than ${deepestSpec} levels deep, so the file is not read. Reduce the nesting.`
    : undefined;
}

/** Counts brackets that are open, and the marks of list items and keys that a line begins with. */
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
