import * as vscode from "vscode";
import { linkTarget, plainMarkdown, proseMarkdown } from "../../core/text/markdownText";

declare const made: unique symbol;
/** Markdown that was made by this module of texts from anywhere. */
export type Markdown = string & { readonly [made]: true };

const lineLimit = 2_000;
/** What links may run: it shows a file or folder and changes nothing. */
const linkCommand = "revealInExplorer";

/** Text as it is, whatever Markdown would make of its characters. */
export function plain(text: string): Markdown {
  return plainMarkdown(text, lineLimit) as Markdown;
}

/** The same in bold. */
export function strong(text: string): Markdown {
  return `**${plainMarkdown(text.trim(), lineLimit)}**` as Markdown;
}

/** An explanation of ours, in which backticks mark code. */
export function prose(text: string): Markdown {
  return proseMarkdown(text) as Markdown;
}

/** A link to a page of somebody's documentation, whose address is a constant of ours. */
export function pageLink(text: string, address: string): Markdown {
  const isPage = address.startsWith("https://");
  return isPage ? (`[${plain(text)}](${linkTarget(address)})` as Markdown) : plain(text);
}

/** A link to a file, or to a folder in the Explorer. */
export function linkTo(uri: vscode.Uri, label: string, isDirectory: boolean): Markdown {
  const target = isDirectory ? `command:${linkCommand}?${encodeURIComponent(JSON.stringify([uri]))}` : uri.toString();
  return `[${plain(label)}](${linkTarget(target)})` as Markdown;
}

/** Joins pieces by a space, or as lines of a list. */
export function joined(parts: readonly Markdown[], as: "line" | "list" = "line"): Markdown {
  return (as === "line" ? parts.join(" ") : parts.map((part) => `- ${part}`).join("\n")) as Markdown;
}

/** Puts one below the other in the same paragraph, such as a list below its heading. */
export function below(first: Markdown, second: Markdown): Markdown {
  return `${first}\n${second}` as Markdown;
}

/** A hover or a tooltip of paragraphs; its links may reveal what is in the folder, and run nothing else. */
export function markdownString(...paragraphs: readonly Markdown[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString(paragraphs.join("\n\n"));
  if (paragraphs.some((paragraph) => paragraph.includes(`](command:${linkCommand}?`)))
    text.isTrusted = { enabledCommands: [linkCommand] };
  return text;
}

/** A tooltip of a title and lines. */
export function tooltipOf(title: string, lines: readonly string[]): vscode.MarkdownString {
  return markdownString(strong(title), ...lines.map(plain));
}
