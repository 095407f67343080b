import { defuseLabel } from "./defuse";
import { visible } from "./visible";

/**
 * Markdown that shows the text as it is: it has no link, picture, code, element or emphasis, and no address that
 * becomes a link.
 */
export function plainMarkdown(text: string, limit?: number): string {
  const shown = defuseLabel(text, limit);
  // Four spaces before a text would make it code.
  const words = shown.trimStart();
  return "&nbsp;".repeat(shown.length - words.length) + escaped(words);
}

/** Prose of ours as Markdown: what is between single backticks is code, all else is plain. */
export function proseMarkdown(text: string): string {
  const parts = visible(text, "lines").split("`");
  // A backtick without another one is a character like others.
  const last = parts.length % 2 === 0 ? parts.pop() : undefined;
  const shown = parts.map((part, i) => (i % 2 === 0 ? escapedProse(part) : codeMarkdown(part))).join("");
  return last === undefined ? shown : `${shown}\\\`${escapedProse(last)}`;
}

/** A code span, whose fence is longer than any in it. */
export function codeMarkdown(text: string): string {
  const shown = visible(text);
  if (shown.trim() === "") return escaped(shown);
  const fence = "`".repeat(longestRun(shown, "`") + 1);
  const room = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${fence}${room}${shown}${room}${fence}`;
}

/** Where a link in Markdown leads: brackets would end it. */
export function linkTarget(uri: string): string {
  return uri.replace(/[()[\]<>\\'"`\s]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** Fewer characters than in `escaped`: an explanation of ours stays readable in its source. */
function escapedProse(text: string): string {
  return text.replace(/[\\*_[\]<>#|@]/g, "\\$&").replaceAll("://", "\\://");
}

/** `www.`, `https://` and an address with `@` become links without any brackets. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+\-.!~|@]/g, "\\$&")
    .replaceAll("://", "\\://")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}

function longestRun(text: string, character: string): number {
  let [longest, run] = [0, 0];
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
