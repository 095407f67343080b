import * as vscode from "vscode";
import { linkTarget, plainMarkdown, proseMarkdown } from "../../core/text/markdownText";

declare const made: unique symbol;
/** Markdown that this module has created from any text. */
export type Markdown = string & { readonly [made]: true };

const lineLimit = 2_000;
/** Only command that links may run: it reveals a file or folder and changes nothing. */
const linkCommand = "revealInExplorer";

/** Escapes text, so that Markdown shows it unchanged. */
export function plain(text: string): Markdown {
  return plainMarkdown(text, lineLimit) as Markdown;
}

/** Escapes text and formats it in bold. */
export function strong(text: string): Markdown {
  return `**${plainMarkdown(text.trim(), lineLimit)}**` as Markdown;
}

/** Converts an explanation of ours, in which backticks mark code. */
export function prose(text: string): Markdown {
  return proseMarkdown(text) as Markdown;
}

/**
 * Creates a link to a documentation page, whose address is one of our constants. Any address but HTTPS gives plain
 * text.
 */
export function pageLink(text: string, address: string): Markdown {
  const isPage = address.startsWith("https://");
  return isPage ? (`[${plain(text)}](${linkTarget(address)})` as Markdown) : plain(text);
}

/** Creates a link that opens a file, or reveals a folder in the Explorer. */
export function linkTo(uri: vscode.Uri, label: string, isDirectory: boolean): Markdown {
  const target = isDirectory ? `command:${linkCommand}?${encodeURIComponent(JSON.stringify([uri]))}` : uri.toString();
  return `[${plain(label)}](${linkTarget(target)})` as Markdown;
}

/** Joins parts with spaces or as a list. */
export function joined(parts: readonly Markdown[], as: "line" | "list" = "line"): Markdown {
  return (as === "line" ? parts.join(" ") : parts.map((part) => `- ${part}`).join("\n")) as Markdown;
}

/** Puts two parts on separate lines of the same paragraph, such as a heading and its list. */
export function below(first: Markdown, second: Markdown): Markdown {
  return `${first}\n${second}` as Markdown;
}

/** Creates a hover or tooltip from paragraphs. Its links may only reveal files and folders. */
export function markdownString(...paragraphs: readonly Markdown[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString(paragraphs.join("\n\n"));
  if (paragraphs.some((paragraph) => paragraph.includes(`](command:${linkCommand}?`)))
    text.isTrusted = { enabledCommands: [linkCommand] };
  return text;
}

/** Creates a tooltip with a title and lines. */
export function tooltipOf(title: string, lines: readonly string[]): vscode.MarkdownString {
  return markdownString(strong(title), ...lines.map(plain));
}
