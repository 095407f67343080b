import { compiledIfValid } from "../../dockerignore/compilePattern";
import type { IgnorePattern } from "../../dockerignore/parseIgnoreFile";
import { type FixPlan, LintState } from "../state/lintState";
import { matcherOf, withFolders } from "../state/pathPatterns";
import { applyEdits, lineEdits } from "../state/textEdits";
import type { TreeView } from "../state/treeView";

/** Ignore file before and after a fix. */
export interface FixChange {
  readonly plan: FixPlan;
  readonly before: LintState;
  readonly after: LintState;
  /** Patterns that the fix removes or moves, and patterns that are new at their position. */
  readonly removed: readonly IgnorePattern[];
  readonly added: readonly IgnorePattern[];
}

/** Applies a plan to an ignore file, in memory. */
export function changeOf(plan: FixPlan, state: LintState, signal?: AbortSignal): FixChange {
  const { ignore, subject } = state;
  const text = applyEdits(ignore.text, lineEdits(ignore, plan.changes ?? [], plan.append));
  const before = new LintState(ignore.text, { ...subject, signal });
  const after = new LintState(text, { ...subject, isMissing: false, signal });
  return { plan, before, after, ...changedLines(plan, before, after) };
}

function changedLines(
  { changes = [], append = [] }: FixPlan,
  before: LintState,
  after: LintState,
): Pick<FixChange, "removed" | "added"> {
  const kept = (line: number): boolean =>
    !changes.some((change) => change.line === line && !change.lines.includes(before.ignore.raw(line)));
  const removed = before.lines.filter(({ line }) => !kept(line)).map(({ pattern }) => pattern);
  const counts = new Map<string, number>();
  for (const { line, pattern } of before.lines)
    if (kept(line)) counts.set(keyOf(pattern), (counts.get(keyOf(pattern)) ?? 0) + 1);
  const written = new Set([...append, ...changes.flatMap(({ lines }) => lines)].map((text) => text.trim()));
  const added = after.lines
    .filter(({ text }) => written.has(text))
    .map(({ pattern }) => pattern)
    .filter((pattern) => {
      const count = counts.get(keyOf(pattern)) ?? 0;
      counts.set(keyOf(pattern), count - 1);
      return count <= 0;
    });
  return { removed, added };
}

function keyOf({ exception, text }: IgnorePattern): string {
  return `${exception ? "!" : " "}${text}`;
}

/**
 * Whether these paths may start being sent: the plan must promise it, and only lines that it undoes or removes may
 * exclude them.
 */
export async function mayCome(
  paths: readonly string[],
  { plan, removed, added }: FixChange,
  view: TreeView,
): Promise<boolean> {
  if (paths.length === 0) return true;
  const { starts = () => false, undoes = [] } = plan.promise;
  if (!paths.every(starts)) return false;
  const targets = targetsOf(added, paths);
  const isUndone = ({ exception, line, text }: IgnorePattern): boolean =>
    !exception && line !== undefined && (undoes.includes(line) || targets.some(matcherOf([text])));
  const undone = new Set(view.patterns.filter(isUndone));
  const removedKeys = new Set(removed.map(({ line }) => line));
  const rest = await view
    .with(view.patterns.filter((each) => !undone.has(each) && !removedKeys.has(each.line)))
    .evaluate();
  return paths.every((path) => !rest.isExcluded(view.tree.find(path) ?? view.tree.root));
}

/** Returns the paths that new exceptions match directly; the exceptions undo the lines that exclude these. */
function targetsOf(added: readonly IgnorePattern[], paths: readonly string[]): string[] {
  const matchers = added.flatMap(({ exception, text }) => (exception ? (compiledIfValid(text)?.automaton ?? []) : []));
  if (matchers.length === 0) return [];
  const folders = new Set(paths.flatMap(withFolders));
  return [...folders].filter((path) => matchers.some((one) => one.run(one.start, path).accepts)).slice(0, mostTargets);
}

/** Maximum number of targets that each line is tried on. */
const mostTargets = 200;
