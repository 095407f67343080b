import { compiledIfValid } from "../../dockerignore/compilePattern";
import type { IgnorePattern } from "../../dockerignore/parseIgnoreFile";
import { type FixPlan, LintState } from "../state/lintState";
import { matcherOf, withFolders } from "../state/pathPatterns";
import { applyEdits, lineEdits } from "../state/textEdits";
import type { TreeView } from "../state/treeView";

/** An ignore file before and after a fix. */
export interface FixChange {
  readonly plan: FixPlan;
  readonly before: LintState;
  readonly after: LintState;
  /** The lines that are no longer there, or no longer where they were, and those that are new there. */
  readonly removed: readonly IgnorePattern[];
  readonly added: readonly IgnorePattern[];
}

/** What a plan makes of an ignore file. */
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

/** What lets files in does so against the lines that it takes back and no others. */
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

/** The paths that new exceptions match by themselves: what keeps these out is what the exceptions are for. */
function targetsOf(added: readonly IgnorePattern[], paths: readonly string[]): string[] {
  const matchers = added.flatMap(({ exception, text }) => (exception ? (compiledIfValid(text)?.automaton ?? []) : []));
  if (matchers.length === 0) return [];
  const folders = new Set(paths.flatMap(withFolders));
  return [...folders].filter((path) => matchers.some((one) => one.run(one.start, path).accepts)).slice(0, mostTargets);
}

/** On how many of them each line is tried. */
const mostTargets = 200;
