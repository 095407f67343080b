import { back, type Answer } from "./back";

/** Position of a step among the prompts. */
export interface StepPlace {
  readonly canGoBack: boolean;
}

/**
 * One prompt: adds its answer to the draft and returns whether the person was asked. `last` is the draft after this
 * step before the person went back.
 */
export type Step<Draft> = (
  draft: Draft,
  place: StepPlace & { readonly last?: Draft },
) => Promise<Answer<{ readonly draft: Draft; readonly asked: boolean }>>;

/**
 * Runs the steps; `back` returns to the last step that asked the person.
 *
 * @param steps all steps, or a function that returns them for a draft: an answer may add steps after its own
 * @returns undefined if a prompt was dismissed
 */
export async function ask<Draft>(
  start: Draft,
  steps: readonly Step<Draft>[] | ((draft: Draft) => readonly Step<Draft>[]),
): Promise<Draft | undefined> {
  const asked: { readonly at: number; readonly draft: Draft }[] = [];
  const answered: Draft[] = [];
  const stepsFor = typeof steps === "function" ? steps : () => steps;
  let draft = start;
  for (let at = 0, step = stepsFor(draft)[0]; step; step = stepsFor(draft)[at]) {
    const answer = await step(draft, { canGoBack: asked.length > 0, last: answered[at] });
    if (answer === undefined) return undefined;
    if (answer === back) {
      ({ at, draft } = asked.pop() ?? { at: 0, draft: start });
      continue;
    }
    if (answer.asked) asked.push({ at, draft });
    draft = answer.draft;
    answered[at++] = draft;
  }
  return draft;
}
