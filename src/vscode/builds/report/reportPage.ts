import * as vscode from "vscode";
import type { ReportTexts } from "../../../webview/report/messages";
import { escapeHtml as escape, webviewPage } from "../../ui/webviewPage";

/** Creates the HTML of the report of a build. */
export function reportPage(webview: vscode.Webview, folder: vscode.Uri, buildId: string): string {
  const texts = textsOf();
  return webviewPage(webview, folder, {
    name: "report",
    title: vscode.l10n.t("Build Report"),
    data: { build: buildId, texts: JSON.stringify(texts) },
    body: `<p id="problem" role="alert" hidden></p>
<div id="report">
<header>
<h1 id="name"></h1>
<div id="switch" role="group" aria-label="${escape(vscode.l10n.t("Show as"))}">
<button id="asTimeline" aria-pressed="true">${escape(texts.timeline)}</button><button
  id="asTable" aria-pressed="false">${escape(texts.table)}</button>
</div>
</header>
<dl id="facts"></dl>
<main>
<div id="timeline" role="group" aria-label="${escape(texts.timeline)}" aria-describedby="help">
<ul id="legend"></ul><div id="axis" aria-hidden="true"></div><div id="lanes"></div><p
  id="noSteps" class="quiet" hidden>${escape(texts.noSteps)}</p>
</div>
<div id="list" hidden></div>
</main>
<div id="details" role="region" aria-label="${escape(texts.step)}"></div>
<div id="sections">
<section><h2>${escape(texts.slowest)}</h2><ul id="slowest"></ul></section>
<section><h2>${escape(texts.layers)}</h2><ul id="layers"></ul><p id="layersNote" class="quiet"></p></section>
<section><h2>${escape(texts.transfers)}</h2><ul id="transfers"></ul></section>
<section><h2>${escape(texts.warnings)}</h2><ul id="warnings"></ul></section>
</div>
<div id="notes"></div>
</div>
<p id="help" class="unseen">${escape(texts.help)}</p>`,
  });
}

function textsOf(): ReportTexts {
  return {
    timeline: vscode.l10n.t("Timeline"),
    table: vscode.l10n.t("Table"),
    step: vscode.l10n.t("Step"),
    stage: vscode.l10n.t("Stage"),
    state: vscode.l10n.t("State"),
    start: vscode.l10n.t("Start"),
    duration: vscode.l10n.t("Duration"),
    amount: vscode.l10n.t("Transferred"),
    line: vscode.l10n.t("Line"),
    log: vscode.l10n.t("Log"),
    openLine: vscode.l10n.t("Open Line"),
    openLog: vscode.l10n.t("Show Log of Step"),
    slowest: vscode.l10n.t("Slowest Steps"),
    layers: vscode.l10n.t("Layers"),
    transfers: vscode.l10n.t("Sent and Received"),
    warnings: vscode.l10n.t("Warnings"),
    noSteps: vscode.l10n.t("No steps yet."),
    noTransfers: vscode.l10n.t("Nothing was transferred."),
    noWarnings: vscode.l10n.t("No warnings."),
    choose: vscode.l10n.t("Select a step to see its details."),
    help: vscode.l10n.t("Arrow keys move between steps, Enter opens the line in the Dockerfile."),
    whyNotCached: vscode.l10n.t("Why Was This Step Not Cached?"),
    exclude: vscode.l10n.t("Exclude..."),
    legend: {
      run: vscode.l10n.t("Instruction"),
      cached: vscode.l10n.t("Cached"),
      transfer: vscode.l10n.t("Transfer"),
      push: vscode.l10n.t("Push"),
      internal: vscode.l10n.t("Builder"),
      failed: vscode.l10n.t("Failed"),
      waiting: vscode.l10n.t("Waiting"),
    },
  };
}
