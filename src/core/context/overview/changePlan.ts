import type { PathId, PathTree } from "../tree/pathTree";
import type { Fix, FixEffect } from "../lint/state/finding";
import { onlyStarts, onlyStops, type AskedChange, type LintState } from "../lint/state/lintState";
import type { Draft } from "../lint/state/rule";
import { copySourceExcluded } from "../lint/rules/copySourceExcluded";
import { topmost, type TreeView } from "../lint/state/treeView";
import { lineFor, wildcardLineFor } from "../lint/state/lineFor";
import { isComplainedOf } from "../lint/fixes/complaints";

/** Change of the ignore file that does exactly what was requested. */
export interface ChangePlan {
  readonly fix: Fix;
  readonly effect: FixEffect;
  /** Findings about instructions that would have nothing to copy after the change, but did before. */
  readonly broken: readonly Draft[];
}

/**
 * Plans lines that exclude paths with everything in them, and include nothing else.
 *
 * @param paths paths relative to the context's root, with slashes
 * @returns undefined without a tree or if no lines do that: some paths are always included, and some names can't be
 * written in a line
 */
export async function planExclusion(state: LintState, paths: readonly string[]): Promise<ChangePlan | undefined> {
  const targets = targetsOf(state, paths);
  if (!targets) return undefined;
  const { tree, ids } = targets;
  const isMeant = (id: PathId): boolean => ids.some((each) => lies(tree, id, each));
  const keeps: AskedChange["keeps"] = async (effect, { view }) => {
    const evaluation = await view.evaluate();
    if (!onlyStops(effect) || ids.some((id) => evaluation.isSent(id))) return false;
    return (await targets.view.difference(view)).gone.every((id) => isMeant(id) || tree.isDirectory(id));
  };
  let complainedOf: ChangePlan | undefined;
  for (const lines of writingsOf(targets)) {
    // A line that wouldn't change the verdict on a folder is not tried on its contents, so the contents have to be
    // named.
    const contents = lines.map((line, i) => (tree.isDirectory(ids[i] ?? tree.root) ? `${line}/**` : line));
    for (const append of [lines, contents, [...new Set([...lines, ...contents])]]) {
      const plan = await planChange(state, { title: titleOf("Add", append), append }, keeps);
      if (!plan) continue;
      if (!(await isComplainedOf(state, plan.fix.edits, append))) return plan;
      complainedOf ??= plan;
    }
  }
  return complainedOf;
}

/**
 * Plans to include excluded paths again, and nothing else: deletes the deciding line if it affects only them, otherwise
 * adds exceptions.
 *
 * @param paths paths relative to the context's root, with slashes
 * @returns undefined without a tree or if no such change is possible
 */
export async function planInclusion(state: LintState, paths: readonly string[]): Promise<ChangePlan | undefined> {
  const targets = targetsOf(state, paths);
  if (!targets) return undefined;
  const { tree, ids } = targets;
  const before = await targets.view.evaluate();
  const keeps: AskedChange["keeps"] = async (effect, { view }) => {
    const after = await view.evaluate();
    if (!onlyStarts(effect) || !ids.every((id) => after.isSent(id)) || after.emptied.length > before.emptied.length)
      return false;
    const { come } = await targets.view.difference(view);
    return come.every((id) => isAmong(id) || ids.some((each) => lies(tree, each, id)));
  };
  const isAmong = (id: PathId): boolean => ids.some((each) => lies(tree, id, each));
  const deciders = [...new Set(ids.map((id) => state.lineAt(before.decidedBy(id))))];
  const [decider] = deciders;
  if (decider && deciders.length === 1) {
    const plan = await planChange(
      state,
      { title: `Delete line ${decider.line}, "${decider.text}"`, changes: [{ line: decider.line, lines: [] }] },
      keeps,
    );
    if (plan) return plan;
  }
  let complainedOf: ChangePlan | undefined;
  for (const lines of writingsOf(targets)) {
    const append = lines.map((line) => `!${line}`);
    const plan = await planChange(state, { title: titleOf("Add", append), append }, keeps);
    if (plan && !(await isComplainedOf(state, plan.fix.edits, append))) return plan;
    complainedOf ??= plan;
  }
  return complainedOf;
}

/** Evaluates a change and what it breaks; returns undefined if `keeps` rejects it. */
export async function planChange(
  state: LintState,
  change: Omit<AskedChange, "keeps">,
  keeps: AskedChange["keeps"],
): Promise<ChangePlan | undefined> {
  let broken: Draft[] = [];
  const fix = state.change({
    ...change,
    keeps: async (effect, after) => {
      if (!(await keeps(effect, after))) return false;
      const known = new Set((await draftsOf(state)).map(placeOf));
      broken = (await draftsOf(after)).filter((draft) => !known.has(placeOf(draft)));
      return true;
    },
  });
  const effect = await fix.effect();
  return effect && { fix, effect, broken };
}

function titleOf(verb: string, lines: readonly string[]): string {
  return `${verb} ${lines.map((line) => `"${line}"`).join(", ")}`;
}

async function draftsOf(state: LintState): Promise<Draft[]> {
  const drafts: Draft[] = [];
  for await (const draft of copySourceExcluded.find(state)) drafts.push(draft);
  return drafts;
}

function placeOf({ file, range }: Draft): string {
  return `${file ?? ""}:${range.line}:${range.column}`;
}

/** Targets of a change, without those below another target. */
interface Targets {
  readonly tree: PathTree;
  readonly view: TreeView;
  readonly ids: readonly PathId[];
}

function targetsOf({ view }: LintState, paths: readonly string[]): Targets | undefined {
  if (!view) return undefined;
  const { tree } = view;
  const found = paths.map((path) => tree.find(path)).filter((id): id is PathId => id !== undefined && id !== tree.root);
  const ids = topmost(tree, found);
  return ids.length > 0 ? { tree, view, ids } : undefined;
}

/** Returns the lines that name each of them, the exact ones first; none for names that no line can name. */
function writingsOf({ tree, ids }: Targets): string[][] {
  const writings = [lineFor, wildcardLineFor].map((write) => ids.flatMap((id) => write(tree.pathOf(id)) ?? []));
  const whole = writings.filter(({ length }) => length === ids.length);
  return [...new Map(whole.map((lines) => [lines.join("\n"), lines])).values()];
}

/** Whether a path equals or is below another. */
function lies(tree: PathTree, id: PathId, above: PathId): boolean {
  for (let at = id; at !== tree.root; at = tree.parentOf(at)) if (at === above) return true;
  return false;
}
