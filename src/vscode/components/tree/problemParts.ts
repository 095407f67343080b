import { shorten } from "../../../core/text/shorten";

/** In characters; a row shows fewer. */
const longestCause = 200;

/**
 * Splits a message into parts, such as the problem and what to do, because rows don't wrap. Text in parentheses may be
 * foreign and is never split, nor is a field from its problem.
 */
export function problemParts(message: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let bracket = nextBracket(message, 0);
  for (let space = message.indexOf(" "); space >= 0; space = message.indexOf(" ", space + 1)) {
    if (bracket < space) bracket = nextBracket(message, space);
    if (
      space === 0 ||
      !":.;".includes(message.charAt(space - 1)) ||
      message.charAt(bracket) === ")" ||
      isField(message, space - 1)
    )
      continue;
    parts.push(message.slice(start, space));
    start = space + 1;
  }
  return [...parts, message.slice(start)].map((part) => capital(part.replace(/[:;.]$/, "")));
}

/** Begins as a sentence, unless its first word is a name or a field: those are all that is not plain letters. */
function capital(part: string): string {
  return /^[a-z][a-z'-]*,?(?: |$)/.test(part) ? part.charAt(0).toUpperCase() + part.slice(1) : part;
}

/** Returns the cause for a row with room for a few words: the first part of the message. */
export function causeOf(message: string): string {
  return shorten(problemParts(message)[0] ?? message, longestCause);
}

/** Returns the index of the next parenthesis; the length of the text if there is none. */
function nextBracket(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== "(" && text.charAt(at) !== ")") at++;
  return at;
}

/** Whether a colon follows a single word at the beginning of a part. */
function isField(text: string, colon: number): boolean {
  if (text.charAt(colon) !== ":") return false;
  let at = colon;
  while (/[\w.]/.test(text.charAt(at - 1))) at--;
  return at < colon && text.charAt(at - 1) === " " && at >= 2 && ":.;".includes(text.charAt(at - 2));
}
