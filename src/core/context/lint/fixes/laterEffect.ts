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
 * Returns the effect of a planned fix on files that may be added later, as far as the title doesn't mention it;
 * undefined if the effect is more than the plan allows.
 */
export async function laterEffectOf(plan: FixPlan, state: LintState): Promise<FixEffect["later"]> {
  return laterEffect(changeOf(plan, state));
}

/** Tries a change on hypothetical files; returns undefined if it would do more than the plan allows. */
export async function laterEffect(change: FixChange): Promise<FixEffect["later"]> {
  const { plan, before, removed } = change;
  // A line that became a different regular expression than it looks like matches paths that the hypothetical files
  // don't cover.
  if (
    plan.promise === sameIsSent &&
    removed.some(({ exception, text }) => !exception && /[*?[\]\\]/.test(text) && /[{}|^]/.test(text))
  )
    return undefined;
  // A line tells folders from files by nothing but the lines around it, so a name is tried as both.
  const [asFiles, asFolders] = [await tried(change, "file"), await tried(change, "folder")];
  if (!asFiles || !asFolders) return undefined;
  const comes = [...asFiles.comes, ...asFolders.comes];
  // Lines for files that come and go must stay.
  if (comes.length > 0 && removed.some(({ exception, text }) => !exception && isPrecious(text, before)))
    return undefined;
  return { stops: examples([...asFiles.goes, ...asFolders.goes]), starts: examples(comes) };
}

/** Hypothetical files that are sent only after, and only before a change. */
interface Moves {
  readonly comes: readonly string[];
  readonly goes: readonly string[];
}

/** Returns undefined if the change does more to hypothetical files than its plan allows. */
async function tried(change: FixChange, kind: "file" | "folder"): Promise<Moves | undefined> {
  const { plan, before, after, removed, added } = change;
  const sources = before.subject.dockerfiles.flatMap((each) => each.sources);
  const others = [...before.lines, ...after.lines].map(({ pattern }) => pattern);
  const evaluator = new Evaluator(probeTree([...removed, ...added], others, sources, kind));
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
  return { comes, goes };
}

/** Whether a line excludes files that should not be sent, even if there are none now. */
function isPrecious(text: string, { subject }: LintState): boolean {
  return isKnownJunk(text) || (subject.isGitIgnored !== undefined && subject.isGitIgnored(text) !== false);
}

/** Returns the path with the fewest folders: a file with the pattern's own name is the clearest example. */
function examples(paths: readonly string[]): string[] {
  return [...paths].sort((a, b) => a.split("/").length - b.split("/").length).slice(0, 1);
}
