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
  if (content.kind === "confirm") return confirmItem(spec);
  const label = content.kind === "layer" ? content.key : content.label;
  const isGroup = content.kind === "group" && content.rows.length > 0;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState[isGroup ? "Collapsed" : "None"]);
  item.description = content.detail;
  item.tooltip = content.detail === "" ? label : `${label}: ${content.detail}`;
  item.contextValue = contextValueOf(`image.${content.kind}`, {});
  item.iconPath = iconOf(content);
  item.accessibilityInformation = {
    label: content.kind === "problem" ? vscode.l10n.t("Problem: {0}", label) : `${label} ${content.detail}`,
  };
  if ("range" in content && content.range) item.command = openAt(spec, content.range);
  return item;
}

function specItem(spec: vscode.Uri, state: ImageState | undefined): vscode.TreeItem {
  const path = specLabel(spec);
  const item = new vscode.TreeItem(basename(path), vscode.TreeItemCollapsibleState.Collapsed);
  const { words, icon, tooltip } = wordsOf(state);
  const folder = dirname(path);
  item.id = spec.toString();
  item.resourceUri = spec;
  item.description = [words, folder === "." ? "" : folder].filter(Boolean).join(" · ");
  item.iconPath = icon;
  item.tooltip = [path, tooltip].filter(Boolean).join("\n");
  item.contextValue = contextValueOf("image.spec", {
    ...(state?.kind === "known" && { [state.existence.kind]: true }),
    problem: state?.kind === "problem",
    named: state !== undefined && "plan" in state,
  });
  item.command = { command: "vscode.open", title: vscode.l10n.t("Open"), arguments: [spec] };
  item.accessibilityInformation = { label: `${path}, ${words}` };
  return item;
}

function confirmItem(spec: vscode.Uri): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t("Review and Allow..."));
  item.iconPath = new vscode.ThemeIcon("shield");
  item.command = rowCommand("confirmSpecSources", String(item.label), spec);
  item.contextValue = contextValueOf("image.confirm", {});
  item.accessibilityInformation = { label: vscode.l10n.t("Review and allow {0}", specLabel(spec)) };
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
        words:
          state.isUnconfirmed === true
            ? vscode.l10n.t("not allowed yet")
            : vscode.l10n.t("needs attention · {0}", causeOf(state.message)),
        icon: new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground")),
        tooltip: state.message,
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

function iconOf(content: Exclude<RowContent, { kind: "confirm" | "spec" }>): vscode.ThemeIcon | undefined {
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
