import * as vscode from "vscode";
import { messageOf } from "../../core/base/errors";
import { causeOf } from "../components/tree/problemParts";
import { formatDuration } from "../../core/text/format";
import { shorten } from "../../core/text/shorten";
import { tooltipOf } from "../ui/rows";
import { Build } from "./builds";

/** In characters; a row shows fewer. */
const longestFailure = 300;

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
  const { icon, words, details } = describe(build);
  item.description = words;
  item.iconPath = icon;
  item.tooltip = tooltipOf(build.imageNames.join(", "), [
    ...details,
    [vscode.l10n.t("Folder"), build.answers.folder],
    [vscode.l10n.t("Started"), build.startedAt.toLocaleString()],
  ]);
  const hasDockerfileLine = build.state.kind === "failed";
  item.contextValue = [
    "build",
    build.state.kind,
    build.repoDigest !== undefined && "pushed",
    hasDockerfileLine && "line",
  ]
    .filter(Boolean)
    .join(";");
  item.accessibilityInformation = { label: `${build.imageName}, ${words}` };
  return item;
}

function describe({ state }: Build): {
  readonly icon: vscode.ThemeIcon;
  readonly words: string;
  readonly details: [string, string][];
} {
  switch (state.kind) {
    case "running":
      return {
        icon: new vscode.ThemeIcon("loading~spin"),
        words: state.step || vscode.l10n.t("starting"),
        details: [],
      };
    case "done": {
      const { repoDigest, durationMs, imageId } = state.outcome;
      const digest = repoDigest?.split("@")[1];
      const took = formatDuration(durationMs);
      return {
        icon: new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed")),
        words:
          digest === undefined
            ? vscode.l10n.t("built in {0}", took)
            : vscode.l10n.t("pushed in {0} · {1}", took, digest.slice(0, "sha256:".length + 12)),
        details: [
          ...(repoDigest ? [[vscode.l10n.t("Digest"), repoDigest] as [string, string]] : []),
          ...(imageId ? [[vscode.l10n.t("Image ID"), imageId] as [string, string]] : []),
        ],
      };
    }
    case "failed": {
      const message = messageOf(state.error);
      return {
        icon: new vscode.ThemeIcon("error", new vscode.ThemeColor("testing.iconFailed")),
        words: failureWords(message),
        details: [[vscode.l10n.t("Failure"), message]],
      };
    }
    case "cancelled":
      return { icon: new vscode.ThemeIcon("circle-slash"), words: vscode.l10n.t("canceled"), details: [] };
  }
}

/** Returns the state and its cause, the state first: a row is cut off at its end. */
function failureWords(message: string): string {
  // A step's failure says where it was in its first part, and what happened in the next.
  const [, rest] = /^The build failed([ :][^]*)$/.exec(message) ?? [];
  return rest === undefined
    ? vscode.l10n.t("failed · {0}", causeOf(message))
    : `${vscode.l10n.t("failed")}${shorten(rest, longestFailure)}`;
}
