import type { IgnorePattern } from "../../dockerignore/parseIgnoreFile";
import { Evaluator } from "../../evaluation/evaluator";
import type { FixEffect } from "../state/finding";
import { changeOf, mayCome, type FixChange } from "./fixChange";
import { type FixPlan, LintState } from "../state/lintState";
import { sameIsSent } from "../state/fixPromise";
import { keepsSources } from "./keptSources";
import { isKnownJunk } from "../state/names";
import { isAtOrBelow, matcherOf } from "../state/pathPatterns";
import { probeTree } from "./probeTree";

/**
 * What a planned fix would do to files that may come, where its title does not say it; nothing if that is more than it
 * may.
 */
export async function laterEffectOf(plan: FixPlan, state: LintState): Promise<FixEffect["later"]> {
  return laterEffect(changeOf(plan, state));
}

/** Tries a change on files that are not there; nothing if it would do more than it may. */
export async function laterEffect(change: FixChange): Promise<FixEffect["later"]> {
  const { plan, before, after, removed, added } = change;
  // A line that became another regular expression than it looks like matches paths that nobody makes up.
  if (
    plan.promise === sameIsSent &&
    removed.some(({ exception, text }) => !exception && /[*?[\]\\]/.test(text) && /[{}|^]/.test(text))
  )
    return undefined;
  const sources = before.subject.dockerfiles.flatMap((each) => each.sources);
  const others = [...before.lines, ...after.lines].map(({ pattern }) => pattern);
  const evaluator = new Evaluator(probeTree([...removed, ...added], others, sources));
  const subject = { ...before.subject, evaluator };
  const [old, now] = [new LintState(before.ignore.text, subject).view, new LintState(after.ignore.text, subject).view];
  if (!old || !now) return undefined;
  const { tree } = old;
  const { gone, come } = await old.difference(now);
  const files = (ids: readonly number[]): string[] =>
    ids.filter((id) => !tree.isDirectory(id)).map((id) => tree.pathOf(id));
  const texts = (patterns: readonly IgnorePattern[], isException: boolean): ((path: string) => boolean) =>
    matcherOf(patterns.filter(({ exception }) => exception === isException).map(({ text }) => text));
  const [letsIn, keptOut] = [texts(added, true), texts(removed, false)];
  const [keepsOut, letIn] = [texts(added, false), texts(removed, true)];
  const named = new Set(plan.promise.names ?? []);
  const comes = files(come).filter((path) => !letsIn(path) && !isAtOrBelow(path, named));
  const goes = files(gone).filter((path) => !keepsOut(path));
  if (!comes.every(keptOut) || !goes.every(letIn)) return undefined;
  const said = { ...change, plan: { ...plan, promise: { ...plan.promise, starts: () => true } } };
  if (!(await mayCome(files(come), said, old)) || !(await keepsSources(before.subject, old, now))) return undefined;
  // A line for what comes and goes has to stay.
  if (comes.length > 0 && removed.some(({ exception, text }) => !exception && isPrecious(text, before)))
    return undefined;
  return { stops: examples(goes), starts: examples(comes) };
}

/** Whether a line keeps out what nobody wants to be sent even if it is not there now. */
function isPrecious(text: string, { subject }: LintState): boolean {
  return isKnownJunk(text) || (subject.isGitIgnored !== undefined && subject.isGitIgnored(text) !== false);
}

/** A file by the pattern's own name tells more than one in a folder of it. */
function examples(paths: readonly string[]): string[] {
  return [...paths].sort((a, b) => a.split("/").length - b.split("/").length).slice(0, 1);
}
