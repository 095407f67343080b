import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** Page of a webview. */
export interface WebviewPage {
  /** Name of its script and style in the folder, without extensions. */
  readonly name: string;
  readonly title: string;
  /** Data attributes of the body, which the script reads. */
  readonly data: Readonly<Record<string, string>>;
  /** HTML of the body, in which all texts are escaped. */
  readonly body: string;
}

/** Creates the HTML of a page. Its content security policy allows only our own script and style. */
export function webviewPage(
  webview: vscode.Webview,
  folder: vscode.Uri,
  { name, title, data, body }: WebviewPage,
): string {
  const nonce = randomBytes(16).toString("base64");
  const uriOf = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const attributes = Object.entries(data).map(([key, value]) => ` data-${key}="${escapeHtml(value)}"`);
  return `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="${escapeHtml(uriOf(`${name}.css`))}">
<title>${escapeHtml(title)}</title>
</head>
<body${attributes.join("")} data-vscode-context='{"preventDefaultContextMenuItems":true}'>
${body}
<script nonce="${nonce}" src="${escapeHtml(uriOf(`${name}.js`))}"></script>
</body>
</html>`;
}

/** Replaces the characters that have a meaning in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
