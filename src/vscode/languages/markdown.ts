import type * as vscode from "vscode";

/** Text as it is, whatever Markdown would make of its characters. */
export function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!~|]/g, "\\$&").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** A link to a file, or to a folder in the Explorer; the text must be `isTrusted` for `linkCommands`. */
export function linkTo(uri: vscode.Uri, label: string, isDirectory: boolean): string {
  const target = isDirectory ? `command:revealInExplorer?${encodeURIComponent(JSON.stringify([uri]))}` : uri.toString();
  return `[${plain(label)}](${target})`;
}

/** The commands that links may run. */
export const linkCommands = { enabledCommands: ["revealInExplorer"] };
