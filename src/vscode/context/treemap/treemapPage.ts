import * as vscode from "vscode";
import type { PageTexts } from "../../../webview/messages";
import type { PlaceRecord } from "../../platform/contextPlace";
import { escapeHtml as escape, webviewPage } from "../../ui/webviewPage";

/** Creates the HTML of the treemap. */
export function treemapPage(webview: vscode.Webview, folder: vscode.Uri, place: PlaceRecord, path: string): string {
  const texts = textsOf();
  return webviewPage(webview, folder, {
    name: "treemap",
    title: vscode.l10n.t("Treemap"),
    data: { place: JSON.stringify(place), path, texts: JSON.stringify(texts) },
    body: `<header>
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
<p id="help" class="unseen">${escape(texts.help)}</p>`,
  });
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
