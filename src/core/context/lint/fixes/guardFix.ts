import { effectOf, unknownEffect } from "../state/effect";
import type { Fix, FixEffect } from "../state/finding";
import { changeOf, mayCome, type FixChange } from "./fixChange";
import { isComplainedOf } from "./complaints";
import type { FixPlan, LintState } from "../state/lintState";
import { asWritten } from "../state/fixPromise";
import { isGoneAfter } from "./goneAfter";
import { keepsSources } from "./keptSources";
import { laterEffect } from "./laterEffect";
import type { Rule } from "../state/rule";
import { escapePath } from "../state/escapePath";
import { lineEdits } from "../state/textEdits";
import type { TreeView } from "../state/treeView";
import { offendingPart } from "../state/unwantedPaths";

/**
 * Creates the fix for a rule's plan. The fix is offered only if it resolves the finding, changes only what the plan
 * promises, for the folder's files and for files that may be added, and no COPY or ADD loses a source.
 */
export function guardFix(plan: FixPlan, rule: Rule, state: LintState): Fix {
  const edits = lineEdits(state.ignore, plan.changes ?? [], plan.append);
  const { subject, ignore } = state;
  const effect = async (signal?: AbortSignal): Promise<FixEffect | undefined> => {
    // Text that is not valid UTF-8 would be changed when it is written back.
    if (!ignore.isWhole) return undefined;
    const change = changeOf(plan, state, signal);
    if (isMoreBroken(change)) return undefined;
    const found = await effectOnTree(change);
    const later = found && (await laterEffect(change));
    if (!later || !(plan.isGoneByKeeps === true || (await isGoneAfter(rule, change.before, change.after))))
      return undefined;
    const written = (plan.append ?? []).filter(isOdd);
    if (written.length > 0 && (await isComplainedOf(change.before, edits, written))) return undefined;
    return { ...found, later };
  };
  return { title: plan.title, edits: edits.map((edit) => ({ file: subject.file, ...edit })), effect };
}

/** Whether a line names something that may mean more than it should; other lines of ours are plain. */
function isOdd(line: string): boolean {
  return /[\\[\]{}|^\p{Cc}]|^\s|\s$|^!?[!#]/u.test(line);
}

function isMoreBroken({ before, after }: FixChange): boolean {
  return (
    after.ignore.problems.length > before.ignore.problems.length || after.uncompiled.length > before.uncompiled.length
  );
}

/** Returns the effect on the folder's files, or undefined if it is not what the plan promises. */
async function effectOnTree(change: FixChange): Promise<FixEffect | undefined> {
  const { plan, before, after } = change;
  if (!before.view || !after.view) return unknownEffect;
  const difference = await before.view.difference(after.view);
  const effect = effectOf(after.view.tree, difference);
  const { gone, come } = difference;
  const { tree } = before.view;
  const [old, now] = [await before.view.evaluate(), await after.view.evaluate()];
  const paths = (ids: readonly number[]): string[] => ids.filter((id) => !isPassage(id)).map((id) => tree.pathOf(id));
  // Folders change together with their contents.
  const isPassage = (id: number): boolean => tree.isDirectory(id) && tree.filesOf(id) > 0;
  if (
    now.emptied.length > old.emptied.length ||
    (plan.promise === asWritten && now.sent.files === 0 && old.sent.files > 0)
  )
    return undefined;
  if (!(await mayCome(paths(come), change, before.view)) || !(await mayGo(paths(gone), change, before.view)))
    return undefined;
  if (paths(come).some((path) => !isExcused(path, change))) return undefined;
  if (!(await keepsSources(before.subject, before.view, after.view))) return undefined;
  const isKept = (await plan.keeps?.(effect, Object.assign(after, { view: after.view }))) ?? true;
  return isKept ? effect : undefined;
}

/** Whether these paths may stop being sent: the plan must promise it, and no remaining exception may name them. */
async function mayGo(paths: readonly string[], { plan, before, removed }: FixChange, view: TreeView): Promise<boolean> {
  if (paths.length === 0) return true;
  const { stops = () => false } = plan.promise;
  const evaluation = await view.evaluate();
  const isMeant = (path: string): boolean => {
    const id = view.tree.find(path) ?? view.tree.root;
    const pattern = before.lineAt(evaluation.decidedBy(id))?.pattern;
    if (pattern?.exception !== true || removed.some(({ line }) => line === pattern.line)) return false;
    return pattern.text === escapePath(path);
  };
  return paths.every((path) => stops(path) && !isMeant(path));
}

/** Whether a path that starts being sent is neither a secret nor clutter, or was named explicitly. */
function isExcused(path: string, { plan, added }: FixChange): boolean {
  const part = offendingPart(path);
  if (part === undefined) return true;
  const names = [
    ...(plan.promise.names ?? []),
    ...added.filter(({ exception }) => exception).map(({ text }) => text.replace(/\/\*\*$/, "")),
  ];
  return names.some((name) => name === part || name === escapePath(part) || name.startsWith(`${escapePath(part)}/`));
}
