import * as vscode from "vscode";
import type { ComparedBuild } from "../../../core/report/baseImages";
import type { FileChange } from "../../../core/report/fileChanges";
import type { Cause, Explanation, Unknown } from "../../../core/report/whyNotCached";
import { shortDigest } from "../../../core/text/format";
import type { DrawnCause, DrawnFile } from "../../../webview/report/messages";
import type { ComparedWith } from "../history/buildHistory";
import type { ContextFile } from "./changedFile";

/** Maximum number of files, and of names, that a cause lists. */
const most = 10;

/** Causes by the index of their step, and the files that they list. */
export interface StepCauses {
  readonly causes: ReadonlyMap<number, readonly DrawnCause[]>;
  readonly files: readonly ContextFile[];
}

/** Returns in words why steps were not cached, compared with an earlier build. */
export async function stepCauses(now: ComparedBuild, earlier: ComparedWith | undefined): Promise<StepCauses> {
  const { whyNotCached } = await import("../../../core/report/whyNotCached");
  const files: ContextFile[] = [];
  const named = namedPaths(now);
  const drawn = (changes: readonly FileChange[]): DrawnFile[] => {
    const rows = changes.slice(0, most).map(({ context, path, kind }): DrawnFile => {
      const label = changeInWords(context === undefined ? path : placeInWords(path, context), kind);
      if (kind === "removed") return { label, canExclude: false };
      const index = files.push({ context, path }) - 1;
      return { label, index, canExclude: context === undefined && !named.has(path) };
    });
    const more = changes.length - rows.length;
    const rest = { label: vscode.l10n.t("and {0} more", more.toLocaleString()), canExclude: false };
    return more > 0 ? [...rows, rest] : rows;
  };
  const found = [...whyNotCached(now, earlier)].map(
    ([step, explanation]) => [step, causesOf(explanation, step, now, earlier, drawn)] as const,
  );
  return { causes: new Map(found), files };
}

/** Returns the paths that instructions name: a rule that excluded one of them would break the build. */
function namedPaths({ inputs }: ComparedBuild): ReadonlySet<string> {
  const taken = inputs?.steps.flatMap((step) => step.taken) ?? [];
  return new Set(taken.flatMap(({ context, path }) => (context === undefined ? (path ?? []) : [])));
}

type DrawFiles = (changes: readonly FileChange[]) => readonly DrawnFile[];

function causesOf(
  explanation: Explanation,
  step: number,
  { report }: ComparedBuild,
  earlier: ComparedWith | undefined,
  draw: DrawFiles,
): DrawnCause[] {
  if ("unknown" in explanation) {
    // The files are known once the build has ended.
    return report.isRunning ? [] : [unknownInWords(explanation.unknown, draw)];
  }
  const line = report.steps[step]?.place?.line;
  const causes = explanation.causes.map((cause) => causeInWords(cause, line, draw));
  const { build } = earlier ?? {};
  const isCompared = build && explanation.causes.some(({ kind }) => kind !== "noCache");
  const note = vscode.l10n.t("Compared with the build of {0}", build?.startedAt.toLocaleString() ?? "");
  return isCompared ? [...causes, { text: note, files: [] }] : causes;
}

function causeInWords(cause: Cause, line: number | undefined, draw: DrawFiles): DrawnCause {
  switch (cause.kind) {
    case "noCache":
      return plain(vscode.l10n.t("The build ran without the cache."));
    case "files":
      return { text: vscode.l10n.t("Files that it uses have changed:"), files: draw(cause.changes) };
    case "instruction":
      return plain(
        cause.line === line
          ? vscode.l10n.t("The instruction is new or was edited.")
          : vscode.l10n.t("The {0} in line {1} is new or was edited.", cause.keyword, cause.line.toString()),
      );
    case "moved":
      return plain(vscode.l10n.t("The instructions before it were removed or moved."));
    case "arguments":
      return plain(vscode.l10n.t("Build arguments have other values: {0}", namesInWords(cause.names)));
    case "variables":
      return plain(vscode.l10n.t("Variables that ENV sets have other values: {0}", namesInWords(cause.names)));
    case "settings":
      return plain(vscode.l10n.t("Changed before this step: {0}", namesInWords(cause.names)));
    case "options":
      return plain(vscode.l10n.t("Build options have other values: {0}", namesInWords(cause.names)));
    case "base": {
      const [before, now] = [shortDigest(cause.before), shortDigest(cause.now)];
      return plain(vscode.l10n.t("The base image {0} has changed, from {1} to {2}.", cause.image, before, now));
    }
    case "step":
      return { text: vscode.l10n.t("It uses the result of a step that has changed:"), step: cause.step, files: [] };
  }
}

function unknownInWords(unknown: Unknown, draw: DrawFiles): DrawnCause {
  switch (unknown.kind) {
    case "notCompared":
      return plain(vscode.l10n.t("Not known: the builder doesn't report what this step depends on."));
    case "noEarlier":
      return plain(
        vscode.l10n.t("There is no earlier build of this Dockerfile and target with this builder to compare with."),
      );
    case "notKept":
      return plain(vscode.l10n.t("Not known: the files and arguments of the earlier build were not kept."));
    case "failedBefore":
      return plain(vscode.l10n.t("It did not complete in the earlier build, so the cache has no result of it."));
    case "notReached":
      return plain(vscode.l10n.t("Not known: the earlier build did not run this step."));
    case "pruned":
      return plain(
        vscode.l10n.t(
          "Nothing that it uses has changed since the earlier build. Its result may have been deleted from the cache.",
        ),
      );
    case "files":
      return {
        text: vscode.l10n.t("Not known: these files may have changed. Their earlier contents are not known."),
        files: draw(unknown.changes),
      };
    case "inputs":
      return plain(vscode.l10n.t("Not known: these inputs can't be compared: {0}", namesInWords(unknown.names)));
    case "other":
      return plain(vscode.l10n.t("Not known: nothing has changed of what is compared."));
  }
}

function placeInWords(path: string, context: string): string {
  return vscode.l10n.t('{0} in the build context "{1}"', path, context);
}

function changeInWords(path: string, kind: FileChange["kind"]): string {
  switch (kind) {
    case "changed":
      return vscode.l10n.t("{0} (changed)", path);
    case "added":
      return vscode.l10n.t("{0} (new)", path);
    case "removed":
      return vscode.l10n.t("{0} (removed)", path);
    case "mayHaveChanged":
      return path;
  }
}

function namesInWords(names: readonly string[]): string {
  const more = names.length - most;
  return [...names.slice(0, most), ...(more > 0 ? [vscode.l10n.t("and {0} more", more.toLocaleString())] : [])].join(
    ", ",
  );
}

function plain(text: string): DrawnCause {
  return { text, files: [] };
}
