import { shorten, shortenQuoted, shortenWords } from "./shorten";
import { visible } from "./visible";

/**
 * Longer words of a text are cut in their middle: a path, a digest with its registry and a URL are shorter as a rule.
 */
const wordLimit = 200;
/** VS Code cuts a notification's end off at 1,000 characters, and with it what to do. */
const messageLimit = 900;
const labelLimit = 300;
const detailLimit = 6_000;

/**
 * One line of text from elsewhere, such as a name: harmless on every surface of VS Code, also as a part of a longer
 * text.
 *
 * @param limit of UTF-16 units, beyond which it is cut in the middle
 */
export function defuseLabel(text: string, limit = labelLimit): string {
  return breakSyntax(shorten(visible(boundedInput(text, limit)), limit));
}

/**
 * A whole message with its remedy, put together already: it stays below the length at which VS Code cuts its end off.
 */
export function defuseMessage(text: string, limit = messageLimit): string {
  return fitted(text, limit);
}

/** A longer text of several lines, such as what a dialog says below its question. */
export function defuseDetail(text: string, limit = detailLimit): string {
  return fitted(text, limit);
}

function fitted(text: string, limit: number): string {
  const shown = visible(boundedInput(text, limit), "lines");
  const withShortWords = shortenWords(shown, wordLimit);
  const fitting = withShortWords.length > limit ? shortenQuoted(withShortWords, wordLimit) : withShortWords;
  return breakSyntax(shorten(fitting, limit));
}

/** Megabytes from elsewhere are cut before they are looked at; what is left is much more than is shown. */
function boundedInput(text: string, limit: number): string {
  return shorten(text, Math.max(limit * 4, 20_000));
}

/**
 * Puts a space into what VS Code would make a link, a button or an icon of, so that it shows the same characters:
 * `[text] (command:…)`, `$ (icon)`. Without `](` its notifications, prompts, validation texts and views find no link.
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

/** Whether what follows is an icon's name up to its bracket, or to the end of the text, where a bracket may follow. */
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
