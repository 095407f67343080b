import * as vscode from "vscode";
import { messageOf } from "../../core/base/errors";
import { formatBytes, formatDuration } from "../../core/text/format";
import { shorten } from "../../core/text/shorten";
import { causeOf } from "../components/tree/problemParts";
import { contextValueOf } from "../ui/contextValues";
import { tooltipOf } from "../ui/rows";
import { formatTimeAgo } from "../ui/timeAgo";
import { fileOfBuild } from "./buildLogs";
import { Build } from "./history/build";

/** In characters; a row shows fewer. */
const longestFailure = 300;
const shownDigest = "sha256:".length + 12;

/** Row of a build in the Builds view. */
export interface BuildNode {
  readonly kind: "build";
  readonly build: Build;
}

/**
 * Returns whether a command's argument is the row of a build. Links in foreign text can call commands with plain data
 * of the same shape, so the shape alone is not enough.
 */
export function isBuildNode(value: unknown): value is BuildNode {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    value.kind === "build" &&
    "build" in value &&
    value.build instanceof Build
  );
}

/** Creates the tree item of a build. */
export function buildItem({ build }: BuildNode): vscode.TreeItem {
  const item = new vscode.TreeItem(build.imageName.replace(/^.*\//, ""));
  const state = stateWords(build);
  const facts = factsOf(build);
  // A row is cut off at its end, so the state comes first.
  item.description = [state, ...facts].join(" · ");
  item.id = build.id;
  item.iconPath = iconOf(build);
  item.tooltip = tooltipOf(build.imageNames.join(", "), detailsOf(build));
  item.contextValue = contextValueOf("build", {
    [isElsewhere(build) ? "elsewhere" : build.state.kind]: true,
    pushed: build.repoDigest !== undefined,
    pushAgain: build.canPushAgain,
    runnable: build.canRun,
  });
  item.accessibilityInformation = { label: [build.imageName, state, ...facts].join(", ") };
  // VS Code opens files of rows as in the Explorer: a click previews them, and Enter moves the focus to them.
  item.command = { command: "vscode.open", title: vscode.l10n.t("Show Log"), arguments: [fileOfBuild(build, "log")] };
  return item;
}

/** Whether another window runs the build. */
function isElsewhere({ isOwn, state }: Build): boolean {
  return state.kind === "running" && !isOwn;
}

function stateWords(build: Build): string {
  const { state, kind } = build;
  const took = build.durationMs === undefined ? "" : formatDuration(build.durationMs);
  switch (state.kind) {
    case "running":
      return isElsewhere(build) ? vscode.l10n.t("running in another window") : state.step || vscode.l10n.t("starting");
    case "done":
      if (state.outcome.exists) return vscode.l10n.t("already exists");
      return state.outcome.repoDigest === undefined
        ? vscode.l10n.t("built in {0}", took)
        : vscode.l10n.t("pushed in {0}", took);
    case "failed":
      return failureWords(messageOf(state.error), kind);
    case "cancelled":
      return vscode.l10n.t("canceled");
    case "interrupted":
      return vscode.l10n.t("interrupted");
  }
}

/** Facts about a build that has ended, the most useful first. */
function factsOf(build: Build): string[] {
  const { state, endedAt, answers } = build;
  if (state.kind === "running") return [];
  const ago = formatTimeAgo(endedAt ?? build.startedAt);
  if (state.kind !== "done") return [ago, answers.builder];
  const { sizeBytes, imageId } = state.outcome;
  const digest = build.repoDigest?.split("@")[1] ?? imageId;
  return [
    ago,
    ...(sizeBytes === undefined ? [] : [formatBytes(sizeBytes)]),
    ...(digest === undefined ? [] : [digest.slice(0, shownDigest)]),
    answers.builder,
  ];
}

function detailsOf(build: Build): (readonly [label: string, value: string])[] {
  const { state, answers, startedAt, endedAt, durationMs } = build;
  const outcome = state.kind === "done" ? state.outcome : undefined;
  const details: readonly (readonly [label: string, value: string | undefined])[] = [
    [vscode.l10n.t("Failure"), state.kind === "failed" ? messageOf(state.error) : undefined],
    [
      vscode.l10n.t("Interrupted"),
      state.kind === "interrupted" ? vscode.l10n.t("the window was closed or reloaded") : undefined,
    ],
    [vscode.l10n.t("Digest"), outcome?.repoDigest],
    [vscode.l10n.t("Image ID"), outcome?.imageId],
    [vscode.l10n.t("Size"), outcome?.sizeBytes === undefined ? undefined : formatBytes(outcome.sizeBytes)],
    [vscode.l10n.t("Builder"), answers.builder],
    [vscode.l10n.t("Registry"), answers.registry],
    [vscode.l10n.t("Folder"), answers.folder],
    [vscode.l10n.t("Started"), startedAt.toLocaleString()],
    [vscode.l10n.t("Ended"), endedAt?.toLocaleString()],
    [vscode.l10n.t("Duration"), durationMs === undefined ? undefined : formatDuration(durationMs)],
  ];
  return details.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]));
}

function iconOf({ state }: Build): vscode.ThemeIcon {
  switch (state.kind) {
    case "running":
      return new vscode.ThemeIcon("loading~spin");
    case "done":
      return new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed"));
    case "failed":
      return new vscode.ThemeIcon("error", new vscode.ThemeColor("testing.iconFailed"));
    case "cancelled":
      return new vscode.ThemeIcon("circle-slash");
    case "interrupted":
      return new vscode.ThemeIcon("debug-disconnect");
  }
}

/** Returns the state and its cause, the state first: a row is cut off at its end. */
function failureWords(message: string, kind: Build["kind"]): string {
  const failed = kind === "push" ? vscode.l10n.t("push failed") : vscode.l10n.t("failed");
  // A step's failure says where it was in its first part, and what happened in the next.
  const [, rest] = /^The build failed([ :][^]*)$/.exec(message) ?? [];
  return rest === undefined ? `${failed} · ${causeOf(message)}` : `${failed}${shorten(rest, longestFailure)}`;
}
