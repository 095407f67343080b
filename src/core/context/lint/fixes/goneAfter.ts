import type { LintState } from "../state/lintState";
import type { Rule } from "../state/rule";

const counted = new WeakMap<LintState, Map<Rule, Promise<number>>>();

/** Whether a rule has fewer findings in an ignore file after a fix than before. */
export async function isGoneAfter(rule: Rule, before: LintState, after: LintState): Promise<boolean> {
  return (await countOf(rule, after)) < (await countOf(rule, before));
}

function countOf(rule: Rule, state: LintState): Promise<number> {
  const counts = counted.get(state) ?? new Map<Rule, Promise<number>>();
  counted.set(state, counts);
  const count = counts.get(rule) ?? draftsOf(rule, state);
  counts.set(rule, count);
  return count;
}

async function draftsOf(rule: Rule, state: LintState): Promise<number> {
  let count = 0;
  for await (const draft of rule.find(state)) count += draft.message === "" ? 0 : 1;
  return count;
}
