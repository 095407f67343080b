import { back, type Answer } from "./back";

/** What a step knows besides the draft. */
export interface StepPlace {
  readonly canGoBack: boolean;
}

/**
 * One question: it fills in a part of the draft, and says whether a person was asked; `last` is what it made of the
 * draft before a person went back.
 */
export type Step<Draft> = (
  draft: Draft,
  place: StepPlace & { readonly last?: Draft },
) => Promise<Answer<{ readonly draft: Draft; readonly asked: boolean }>>;

/**
 * Goes through the steps; `back` returns to the last one at which a person was asked.
 *
 * @param steps all of them, or what they are for a draft: answers may add steps behind their own
 * @returns nothing when a question was dismissed
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
