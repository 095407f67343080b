import { defuseLabel } from "./defuse";
import { visible } from "./visible";

/**
 * Converts a text to Markdown that shows it literally, without links, images, code, elements, emphasis, or addresses
 * that become links.
 */
export function plainMarkdown(text: string, limit?: number): string {
  const shown = defuseLabel(text, limit);
  // Four leading spaces would turn the text into code.
  const words = shown.trimStart();
  return "&nbsp;".repeat(shown.length - words.length) + escaped(words);
}

/** Converts our own prose to Markdown: text between single backticks is code, everything else is plain. */
export function proseMarkdown(text: string): string {
  const parts = visible(text, "lines").split("`");
  // A backtick without a counterpart is a plain character.
  const last = parts.length % 2 === 0 ? parts.pop() : undefined;
  const shown = parts.map((part, i) => (i % 2 === 0 ? escapedProse(part) : codeMarkdown(part))).join("");
  return last === undefined ? shown : `${shown}\\\`${escapedProse(last)}`;
}

/** Returns a code span with a fence that is longer than any run of backticks in the text. */
export function codeMarkdown(text: string): string {
  const shown = visible(text);
  if (shown.trim() === "") return escaped(shown);
  const fence = "`".repeat(longestRun(shown, "`") + 1);
  const room = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${fence}${room}${shown}${room}${fence}`;
}

/** Escapes the target of a Markdown link, because brackets would end it. */
export function linkTarget(uri: string): string {
  return uri.replace(/[()[\]<>\\'"`\s]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** Escapes fewer characters than `escaped`, so that our own prose stays readable in its source. */
function escapedProse(text: string): string {
  return text.replace(/[\\*_[\]<>#|@]/g, "\\$&").replaceAll("://", "\\://");
}

/** Escapes Markdown, including `www.`, `https://` and addresses with `@`, which become links even without brackets. */
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
