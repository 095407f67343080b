import { ImageBuilderError } from "../../base/errors";
import type { ConfirmOutside, OutsideUse } from "../files/outsideError";
import { mostUses } from "../plan/outsidePlaces";
import { placeProblems, type SpecPlaces } from "./placeProblems";
import type { ImageSpec } from "./readImageSpec";
import type { SpecProblem } from "./specProblem";

/**
 * Returns the problems like {@link placeProblems}, and also checks those files outside the workspace that the person
 * has already allowed.
 *
 * @param places with a `confirmOutside` that doesn't ask
 * @throws errors of `confirmOutside` other than a refusal
 */
export async function allowedPlaceProblems(spec: ImageSpec, places: SpecPlaces): Promise<SpecProblem[]> {
  const { within, confirmOutside } = places;
  const allowed: OutsideUse[] = [];
  const seen = new Set<string>();
  for (;;) {
    const problems = placeProblems(spec, { ...places, within: within && { ...within, allowed } });
    const known = allowed.length;
    for (const use of problems.flatMap(({ outside = [] }) => outside).slice(0, mostUses)) {
      const key = `${use.kind} ${use.path}`;
      if (!confirmOutside || seen.has(key)) continue;
      seen.add(key);
      if (await isAllowed(use, confirmOutside)) allowed.push(use);
    }
    if (allowed.length === known || seen.size > mostUses) return problems;
  }
}

async function isAllowed(use: OutsideUse, confirm: ConfirmOutside): Promise<boolean> {
  try {
    await confirm([use]);
    return true;
  } catch (error) {
    if (ImageBuilderError.is(error)) return false;
    throw error;
  }
}
