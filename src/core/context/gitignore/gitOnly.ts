import type { PathId } from "../tree/pathTree";
import type { LintState } from "../lint/state/lintState";
import type { Draft } from "../lint/state/rule";
import { sentTotals, type Totals } from "../lint/state/sentTotals";
import { takenPaths } from "../lint/state/takenPaths";
import type { TreeView } from "../lint/state/treeView";
import { planChange, type ChangePlan } from "../overview/changePlan";
import { lineFor } from "../lint/state/lineFor";
import { gitIgnoredPaths, type GitIgnoreFiles, type GitIgnoreLine } from "./gitIgnored";
import { translateLine } from "./translateLine";

const exampleCount = 3;

/** Paths that Git ignores because of one line, but that builds use. */
export interface GitOnly {
  readonly source: GitIgnoreLine;
  readonly files: number;
  readonly bytes: number;
  /** First few paths; folders end with a slash. */
  readonly examples: readonly string[];
  /** Ignore-file lines that exclude exactly these paths; undefined if there are none. */
  readonly lines?: readonly string[];
  /** Whether the lines are a translation of Git's line, not a list of paths. */
  readonly isTranslated: boolean;
  /** Finding for the first instruction that would have nothing to copy if the paths were excluded. */
  readonly copiedBy?: Draft;
  /** All of the paths that are sent, whether or not they are copied. */
  readonly ids: readonly PathId[];
}

/**
 * Finds what Git ignores but builds use, most bytes first; empty without a tree.
 *
 * @throws the signal's reason when it is aborted
 */
export async function gitIgnoredButSent(
  state: LintState,
  files: GitIgnoreFiles,
  signal?: AbortSignal,
): Promise<GitOnly[]> {
  const { view } = state;
  if (!view) return [];
  const evaluation = await view.evaluate();
  const sent = await view.sent();
  const isTaken = takenPaths(state.subject, view.tree);
  const taken = await view.run(() => sentTotals(evaluation, isTaken));
  const found: GitOnly[] = [];
  for (const { source, ids } of await gitIgnoredPaths(view.tree, files, signal)) {
    const copied = ids.filter((id) => taken(id).files > 0);
    if (copied.length === 0) continue;
    const all = ids.filter((id) => sent(id).files > 0);
    found.push({
      ...(await planFor(source, all, state, view, files.context)),
      ...sumOf(copied, taken),
      source,
      ids: all,
      examples: examplesIn(copied, view),
    });
    signal?.throwIfAborted();
  }
  return found.sort((a, b) => b.bytes - a.bytes || b.files - a.files);
}

/** Plans a change that excludes all chosen paths at once; returns undefined if no lines exclude exactly these. */
export async function keepOutGitIgnored(state: LintState, chosen: readonly GitOnly[]): Promise<ChangePlan | undefined> {
  const { view } = state;
  if (!view) return undefined;
  // Lines with exceptions come first, so they don't include again what is excluded for another choice.
  const inOrder = [...chosen].sort((a, b) => Number(hasException(b)) - Number(hasException(a)));
  const ids = chosen.flatMap((each) => each.ids);
  return (
    (await planLines(
      state,
      view,
      inOrder.flatMap((each) => each.lines ?? []),
      ids,
    )) ?? planLines(state, view, pathLines(ids, view), ids)
  );
}

async function planFor(
  source: GitIgnoreLine,
  ids: readonly PathId[],
  state: LintState,
  view: TreeView,
  context: string,
) {
  const line = translateLine(source, context);
  const exceptions = exceptionsAfter(source).flatMap(
    (text) => translateLine({ file: source.file, text }, context) ?? [],
  );
  const translations =
    line === undefined ? [] : [[line], [line, ...exceptions]].slice(0, exceptions.length > 0 ? 2 : 1);
  for (const lines of [...translations, pathLines(ids, view)]) {
    const plan = await planLines(state, view, lines, ids);
    if (plan) return { lines, isTranslated: translations.includes(lines), copiedBy: plan.broken[0] };
  }
  return { isTranslated: false };
}

/**
 * Plans lines at the end of the file that stop sending exactly what is at and below the paths; returns undefined if
 * they can't.
 */
function planLines(
  state: LintState,
  view: TreeView,
  lines: readonly string[],
  ids: readonly PathId[],
): Promise<ChangePlan | undefined> {
  const append = [...new Set(lines)];
  return planChange(
    state,
    { title: `Add ${append.map((line) => `"${line}"`).join(", ")}`, append },
    async ({ startsSending, stopsSending }, after) => {
      const { tree } = view;
      const [before, evaluation, sent] = [await view.evaluate(), await after.view.evaluate(), await view.sent()];
      const { gone } = await view.difference(after.view);
      const meant = new Set(ids);
      const isMeant = (id: PathId): boolean => {
        for (let at = id; at !== tree.root; at = tree.parentOf(at)) if (meant.has(at)) return true;
        return false;
      };
      return (
        startsSending.files + startsSending.folders === 0 &&
        stopsSending.files === ids.reduce((sum, id) => sum + sent(id).files, 0) &&
        gone.every((id) => tree.isDirectory(id) || isMeant(id)) &&
        evaluation.emptied.length <= before.emptied.length
      );
    },
  );
}

function pathLines(ids: readonly PathId[], { tree }: TreeView): string[] {
  return ids.flatMap((id) => lineFor(tree.pathOf(id)) ?? []);
}

/** Returns the exceptions that follow a line in Git's file. */
function exceptionsAfter({ file, line }: GitIgnoreLine): string[] {
  return file.text
    .split("\n")
    .slice(line)
    .map((text) => text.replace(/\r$/, ""))
    .filter((text) => text.startsWith("!"));
}

function hasException({ lines = [] }: GitOnly): boolean {
  return lines.some((line) => line.startsWith("!"));
}

function sumOf(ids: readonly PathId[], totals: Totals) {
  return {
    files: ids.reduce((sum, id) => sum + totals(id).files, 0),
    bytes: ids.reduce((sum, id) => sum + totals(id).bytes, 0),
  };
}

function examplesIn(ids: readonly PathId[], { tree }: TreeView): string[] {
  return ids.slice(0, exampleCount).map((id) => tree.pathOf(id) + (tree.isDirectory(id) ? "/" : ""));
}
