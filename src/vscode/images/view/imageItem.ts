import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import type { TextRange } from "../../../core/base/textRange";
import type { ImageState } from "../specs/imageStates";
import { causeOf } from "../../components/tree/problemParts";
import { specLabel } from "../specs/specFiles";
import { rangeOf } from "../../platform/ranges";
import { contextValueOf } from "../../ui/contextValues";
import { rowCommand } from "../../ui/rowCommand";
import type { ImageRow, RowContent } from "./imageRow";

const layerIcons: Readonly<Record<string, string>> = {
  aptPackages: "package",
  apkPackages: "package",
  dnfPackages: "package",
  microdnfPackages: "package",
  pipPackages: "package",
  requirements: "checklist",
  envVars: "symbol-variable",
  workdir: "folder",
  commands: "terminal",
  sourceFolder: "files",
  sourceFile: "file",
  codeBundle: "file-code",
  dockerignore: "exclude",
  uvProject: "project",
  poetryProject: "project",
};

/** Creates the tree item of a row. */
export function imageItem({ spec, content }: ImageRow): vscode.TreeItem {
  if (content.kind === "spec") return specItem(spec, content.state);
  if (content.kind === "confirm" || content.kind === "trust") return actionItem(spec, content.kind);
  const label = content.kind === "layer" ? content.key : content.label;
  const isGroup = content.kind === "group" && content.rows.length > 0;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState[isGroup ? "Collapsed" : "None"]);
  item.description = content.detail;
  const text = content.detail === "" ? label : `${label}: ${content.detail}`;
  item.tooltip = text;
  item.contextValue = contextValueOf(`image.${content.kind}`, {});
  item.iconPath = iconOf(content);
  item.accessibilityInformation = {
    label: content.kind === "problem" ? vscode.l10n.t("Problem: {0}", text) : `${label} ${content.detail}`,
  };
  if ("range" in content && content.range) item.command = openAt(spec, content.range);
  return item;
}

function specItem(spec: vscode.Uri, state: ImageState | undefined): vscode.TreeItem {
  const path = specLabel(spec);
  const needs = state?.kind === "problem" ? state.needs : undefined;
  const item = new vscode.TreeItem(
    basename(path),
    vscode.TreeItemCollapsibleState[needs === undefined ? "Collapsed" : "Expanded"],
  );
  const { words, icon, tooltip } = wordsOf(state);
  const folder = dirname(path) === "." ? "" : dirname(path);
  // VS Code remembers by id that a row is collapsed. A new id lets it be expanded.
  item.id = `${spec.toString()}${needs === undefined ? "" : `#${needs}`}`;
  item.resourceUri = spec;
  // A narrow row has no room for more than a cause.
  const description = state?.kind === "problem" ? [words, folder] : [folder, words];
  item.description = description.filter(Boolean).join(" · ");
  item.iconPath = icon;
  item.tooltip = (state?.kind === "problem" ? [tooltip, path] : [path, tooltip]).filter(Boolean).join("\n");
  item.contextValue = contextValueOf("image.spec", {
    ...(state?.kind === "known" && { [state.existence.kind]: true }),
    problem: state?.kind === "problem",
    untrusted: needs === "trust" || state?.kind === "notRun",
    unconfirmed: needs === "outsideFiles" || needs === "source",
    named: state !== undefined && "plan" in state,
  });
  item.command = { command: "vscode.open", title: vscode.l10n.t("Open"), arguments: [spec] };
  item.accessibilityInformation = { label: `${path}, ${words}` };
  return item;
}

function actionItem(spec: vscode.Uri, kind: "confirm" | "trust"): vscode.TreeItem {
  const isTrust = kind === "trust";
  const title = isTrust ? vscode.l10n.t("Manage Workspace Trust") : vscode.l10n.t("Review and Allow...");
  const item = new vscode.TreeItem(title);
  item.iconPath = new vscode.ThemeIcon("shield");
  item.command = rowCommand(isTrust ? "manageWorkspaceTrust" : "confirmSpecSources", title, spec);
  item.contextValue = contextValueOf(`image.${kind}`, {});
  item.accessibilityInformation = {
    label: isTrust ? title : vscode.l10n.t("Review and allow {0}", specLabel(spec)),
  };
  return item;
}

interface StateWords {
  readonly words: string;
  readonly icon: vscode.ThemeIcon;
  readonly tooltip?: string;
}

function wordsOf(state: ImageState | undefined): StateWords {
  switch (state?.kind) {
    case undefined:
      return { words: vscode.l10n.t("reading..."), icon: new vscode.ThemeIcon("loading~spin") };
    case "problem":
      return {
        words: problemWords(state),
        icon: new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground")),
        tooltip: problemTooltip(state),
      };
    case "notRun":
      return { words: vscode.l10n.t("not run in Restricted Mode"), icon: new vscode.ThemeIcon("package") };
    case "reference":
      return { words: vscode.l10n.t("no build needed"), icon: new vscode.ThemeIcon("link"), tooltip: state.plan.uri };
    case "notAsked":
      return {
        words: vscode.l10n.t("not checked in Restricted Mode"),
        icon: new vscode.ThemeIcon("package"),
        tooltip: state.plan.uri,
      };
    case "asking":
      return {
        words: vscode.l10n.t("checking..."),
        icon: new vscode.ThemeIcon("loading~spin"),
        tooltip: state.plan.uri,
      };
    case "known":
      return existenceWords(state);
  }
}

type Problem = Extract<ImageState, { kind: "problem" }>;

/** Begins with the cause, since the end is cut off in a narrow view. */
function problemWords({ needs, message }: Problem): string {
  switch (needs) {
    case "outsideFiles":
      return vscode.l10n.t("outside files · not allowed yet");
    case "trust":
      return vscode.l10n.t("outside files · not read in Restricted Mode");
    case "source":
      return vscode.l10n.t("not allowed yet");
    case undefined:
      return vscode.l10n.t("{0} · needs attention", causeOf(message));
  }
}

function problemTooltip({ needs, message }: Problem): string {
  switch (needs) {
    case "outsideFiles":
      return [vscode.l10n.t("Asks for files outside the workspace."), message].join("\n");
    case "trust":
      return [
        vscode.l10n.t("Asks for files outside the workspace, which are not read in Restricted Mode."),
        vscode.l10n.t("After you trust the workspace, you are asked to allow the files."),
        message,
      ].join("\n");
    default:
      return message;
  }
}

function existenceWords({ plan, existence }: Extract<ImageState, { kind: "known" }>): StateWords {
  switch (existence.kind) {
    case "exists":
      return {
        words: vscode.l10n.t("exists"),
        icon: new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed")),
        tooltip: existence.repoDigest ?? plan.uri,
      };
    case "absent":
      return { words: vscode.l10n.t("not built yet"), icon: new vscode.ThemeIcon("circle-outline"), tooltip: plan.uri };
    case "unknown":
      return {
        words: vscode.l10n.t("unknown whether it exists"),
        icon: new vscode.ThemeIcon("question"),
        tooltip: [plan.uri, ...existence.reasons].join("\n"),
      };
  }
}

function iconOf(content: Exclude<RowContent, { kind: "confirm" | "spec" | "trust" }>): vscode.ThemeIcon | undefined {
  if (content.kind === "problem") return new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
  if (content.kind === "note") return new vscode.ThemeIcon("info");
  if (content.kind === "group")
    return content.isBad
      ? new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"))
      : new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed"));
  return content.kind === "layer" ? new vscode.ThemeIcon(layerIcons[content.key] ?? "layers") : undefined;
}

function openAt(spec: vscode.Uri, range: TextRange): vscode.Command {
  const { start } = rangeOf(range);
  return {
    command: "vscode.open",
    title: vscode.l10n.t("Go to Line"),
    arguments: [spec, { selection: new vscode.Range(start, start) }],
  };
}
