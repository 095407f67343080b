import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { PageTexts } from "../../../webview/messages";
import type { PlaceRecord } from "../../platform/contextPlace";

/** Creates the HTML of the treemap. Its content security policy allows only our own script and style. */
export function treemapPage(webview: vscode.Webview, folder: vscode.Uri, place: PlaceRecord, path: string): string {
  const nonce = randomBytes(16).toString("base64");
  const uriOf = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const texts = textsOf();
  return `<!DOCTYPE html>
<html lang="${escape(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="${escape(uriOf("treemap.css"))}">
<title>${escape(vscode.l10n.t("Treemap"))}</title>
</head>
<body data-place="${escape(JSON.stringify(place))}" data-path="${escape(path)}"
  data-texts="${escape(JSON.stringify(texts))}" data-vscode-context='{"preventDefaultContextMenuItems":true}'>
<header>
<nav aria-label="${escape(vscode.l10n.t("Folder"))}"><ol id="crumbs"></ol></nav>
<div id="switch" role="group" aria-label="${escape(vscode.l10n.t("Show as"))}">
<button id="asMap" aria-pressed="true">${escape(texts.map)}</button><button
  id="asTable" aria-pressed="false">${escape(texts.table)}</button>
</div>
</header>
<section id="summary"><p id="total"></p><div id="bar" aria-hidden="true"></div><ul id="legend"></ul><ul
  id="marked" aria-label="${escape(texts.attention)}"></ul></section>
<main><p id="problem" role="alert" hidden></p><div id="map" role="tree"></div><div id="list" hidden></div></main>
<footer><p id="details"></p><div id="actions"></div></footer>
<p id="news" role="status" class="unseen"></p>
<p id="help" class="unseen">${escape(texts.help)}</p>
<script nonce="${nonce}" src="${escape(uriOf("treemap.js"))}"></script>
</body>
</html>`;
}

function textsOf(): PageTexts {
  return {
    map: vscode.l10n.t("Map"),
    table: vscode.l10n.t("Table"),
    open: vscode.l10n.t("Open"),
    zoomIn: vscode.l10n.t("Zoom In"),
    reveal: vscode.l10n.t("Reveal in Explorer"),
    exclude: vscode.l10n.t("Exclude..."),
    showRows: vscode.l10n.t("Show in Tree"),
    others: vscode.l10n.t("others"),
    name: vscode.l10n.t("Name"),
    size: vscode.l10n.t("Size"),
    share: vscode.l10n.t("Share"),
    files: vscode.l10n.t("Files"),
    note: vscode.l10n.t("Note"),
    folder: vscode.l10n.t("folder"),
    nothing: vscode.l10n.t("No files with content are sent from this folder."),
    help: vscode.l10n.t(
      "Arrow keys move between neighbors, Enter zooms in or opens, Backspace or Escape zooms out, Delete excludes.",
    ),
    attention: vscode.l10n.t("Needs attention"),
  };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
