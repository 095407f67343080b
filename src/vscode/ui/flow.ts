import { back, type Answer } from "./back";

/** Position of a step among the prompts. */
export interface StepPlace {
  readonly canGoBack: boolean;
  /** Number of this prompt, from 1; only together with `totalSteps`. */
  readonly step?: number;
  /** Number of prompts; undefined if it isn't known yet, or if there is only one. */
  readonly totalSteps?: number;
}

/**
 * One prompt: adds its answer to the draft and returns whether the person was asked. `last` is the draft after this
 * step before the person went back.
 */
export interface Step<Draft> {
  (
    draft: Draft,
    place: StepPlace & { readonly last?: Draft },
  ): Promise<Answer<{ readonly draft: Draft; readonly asked: boolean }>>;
  /**
   * Returns whether the step will prompt with the draft as it is now; undefined if its answer decides how many steps
   * follow. Prompts are counted only where every step has this.
   */
  readonly willAsk?: (draft: Draft) => boolean | undefined;
}

/** Adds to a step whether it will prompt, so that its flow can count its prompts; default is that it always does. */
export function counted<Draft>(
  step: Step<Draft>,
  willAsk: (draft: Draft) => boolean | undefined = () => true,
): Step<Draft> {
  return Object.assign((...given: Parameters<Step<Draft>>) => step(...given), { willAsk });
}

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
    const place = {
      canGoBack: asked.length > 0,
      last: answered[at],
      ...countOf(asked.length, stepsFor(draft), at, draft),
    };
    const answer = await step(draft, place);
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

/** Counts the prompts so far, this one, and those to come. */
function countOf<Draft>(
  asked: number,
  steps: readonly Step<Draft>[],
  at: number,
  draft: Draft,
): Pick<StepPlace, "step" | "totalSteps"> {
  const rest = steps.slice(at).map((step) => step.willAsk?.(draft));
  const totalSteps = asked + rest.filter(Boolean).length;
  return rest.includes(undefined) || totalSteps < 2 ? {} : { step: asked + 1, totalSteps };
}
