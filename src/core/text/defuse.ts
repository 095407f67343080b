import { shorten, shortenQuoted, shortenWords } from "./shorten";
import { visible } from "./visible";

/**
 * Longest word of a text, in UTF-16 units; longer ones are cut in the middle. Paths, digests with their registry, and
 * URLs are usually shorter.
 */
const wordLimit = 200;
/** VS Code truncates a notification at 1,000 characters, and so would drop the remedy at its end. */
const messageLimit = 900;
const labelLimit = 300;
const detailLimit = 6_000;

/**
 * Makes one line of foreign text, such as a name, harmless on every surface of VS Code, also as a part of a longer
 * text.
 *
 * @param limit longest result, in UTF-16 units, before VS Code syntax is broken up; longer text is cut in the middle
 */
export function defuseLabel(text: string, limit = labelLimit): string {
  return breakSyntax(shorten(visible(boundedInput(text, limit)), limit));
}

/** Makes a complete message with its remedy harmless, and shorter than the length at which VS Code truncates it. */
export function defuseMessage(text: string, limit = messageLimit): string {
  return fitted(text, limit);
}

/** Makes a longer text of several lines harmless, such as the detail of a dialog. */
export function defuseDetail(text: string, limit = detailLimit): string {
  return fitted(text, limit);
}

function fitted(text: string, limit: number): string {
  const shown = visible(boundedInput(text, limit), "lines");
  const withShortWords = shortenWords(shown, wordLimit);
  const fitting = withShortWords.length > limit ? shortenQuoted(withShortWords, wordLimit) : withShortWords;
  return breakSyntax(shorten(fitting, limit));
}

/** Cuts megabytes of foreign text before they are processed; the result is still much longer than the shown text. */
function boundedInput(text: string, limit: number): string {
  return shorten(text, Math.max(limit * 4, 20_000));
}

/**
 * Inserts a space where VS Code would create a link, a button, or an icon, so that the same characters are shown:
 * `[text] (command:…)`, `$ (icon)`. Without `](`, VS Code finds no link in notifications, prompts, validation messages,
 * and views.
 */
export function breakSyntax(text: string): string {
  const parts: string[] = [];
  let start = 0;
  for (let at = text.indexOf("("); at !== -1; at = text.indexOf("(", at + 1)) {
    const before = text[at - 1];
    if (before !== "]" && !(before === "$" && isIconName(text, at + 1))) continue;
    parts.push(text.slice(start, at));
    start = at;
  }
  return start === 0 ? text : [...parts, text.slice(start)].join(" ");
}

/**
 * Checks whether an icon's name follows, up to its closing bracket or to the end of the text, after which a bracket may
 * be added.
 */
function isIconName(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && isIconCharacter(text.charCodeAt(at))) at++;
  return at === text.length || (at > from && text[at] === ")");
}

function isIconCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2d ||
    code === 0x7e
  );
}
