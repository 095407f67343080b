import type { BuildInputs, StepInputs } from "./inputsRecord";

/** Build whose steps are compared. */
type Inputs = Pick<BuildInputs, "stages" | "steps">;

/** Names of what has another value than in the earlier build. */
export interface ChangedNames {
  readonly args: readonly string[];
  /** Variables that ENV sets. */
  readonly variables: readonly string[];
  /** USER and SHELL. */
  readonly settings: readonly string[];
}

const nothing: ChangedNames = { args: [], variables: [], settings: [] };
const setting = new Set(["USER", "SHELL"]);

/** Instructions and stages of a build that an earlier build has, too, by their indexes there. */
export interface SameInstructions {
  readonly stages: ReadonlyMap<number, number>;
  readonly steps: ReadonlyMap<number, number>;
}

/**
 * Finds the same instructions of an earlier build: those with the same text in the same stage, and the FROM of each
 * stage. If a text repeats, they count in order.
 */
export function sameInstructions(now: Inputs, before: Inputs): SameInstructions {
  const stages = sameStages(now, before);
  const left = new Map<string, number[]>();
  for (const [i, step] of before.steps.entries()) {
    const key = keyOf(step, step.stage);
    left.set(key, [...(left.get(key) ?? []), i]);
  }
  const steps = now.steps.flatMap((step, i) => {
    const found = left.get(keyOf(step, stages.get(step.stage)))?.shift();
    return found === undefined ? [] : [[i, found] as const];
  });
  return { stages, steps: new Map(steps) };
}

/** Finds the stages with the same names; others, which may have been renamed, are the same by their position. */
function sameStages(now: Inputs, before: Inputs): ReadonlyMap<number, number> {
  const byName = new Map(before.stages.map(({ name }, i) => [name, i]));
  const names = new Set(now.stages.map(({ name }) => name));
  return new Map(
    now.stages.flatMap(({ name }, i) => {
      const found = byName.get(name);
      const other = before.stages[i];
      if (found !== undefined) return [[i, found] as const];
      return other && !names.has(other.name) ? [[i, i] as const] : [];
    }),
  );
}

function keyOf({ keyword, text }: StepInputs, stage: number | undefined): string {
  return JSON.stringify([stage, keyword, keyword === "FROM" ? "" : text]);
}

/** Compares the variables on which an instruction depends, for the same instruction in both builds. */
export function changedNames(now: BuildInputs, index: number, before: BuildInputs, indexBefore: number): ChangedNames {
  const [step, old] = [now.steps[index], before.steps[indexBefore]];
  if (!step || !old) return nothing;
  if (step.keyword === "RUN") return difference(environmentOf(now, index), environmentOf(before, indexBefore));
  if (step.meaning === old.meaning) return nothing;
  const sets = environmentOf(now, index);
  const own = (each: StepInputs): Environment =>
    new Map(each.values.map(([name, hash]) => [name, { hash, by: sets.get(name)?.by ?? "ARG" }]));
  const found = difference(own(step), own(old));
  // An argument of a FROM may have changed through another one that its default names.
  return isEmpty(found) ? { ...nothing, args: step.values.map(([name]) => name) } : found;
}

export function isEmpty({ args, variables, settings }: ChangedNames): boolean {
  return args.length + variables.length + settings.length === 0;
}

type Environment = ReadonlyMap<string, { readonly hash: string; readonly by: string }>;

/** Returns what is set before an instruction, in its stage and the stages on which that is based. */
function environmentOf({ stages, steps }: Inputs, index: number): Environment {
  const own = steps[index]?.stage ?? 0;
  const chain = new Set<number>();
  for (let stage: number | undefined = own; stage !== undefined && !chain.has(stage); stage = stages[stage]?.parent)
    chain.add(stage);
  const found = new Map<string, { hash: string; by: string }>();
  for (const stage of [...chain].reverse()) {
    for (const [i, { keyword, values, meaning }] of steps.entries()) {
      if (stage === own && i >= index) break;
      if (steps[i]?.stage !== stage) continue;
      if (keyword === "ARG" || keyword === "ENV") {
        for (const [name, hash] of values) found.set(name, { hash, by: keyword });
      } else if (setting.has(keyword)) found.set(` ${keyword}`, { hash: meaning, by: keyword });
    }
  }
  return found;
}

function difference(now: Environment, before: Environment): ChangedNames {
  const changed = [...new Set([...now.keys(), ...before.keys()])].flatMap((name) => {
    const [one, other] = [now.get(name), before.get(name)];
    // What only the builder knows counts as the same.
    if ((one?.hash ?? "") === (other?.hash ?? "") || one?.hash === "?" || other?.hash === "?") return [];
    return [{ name: name.trimStart(), by: one?.by ?? other?.by ?? "" }];
  });
  const args = changed.filter(({ by }) => by === "ARG").map(({ name }) => name);
  return {
    args,
    // Their values usually come from the arguments that have changed.
    variables: args.length > 0 ? [] : changed.filter(({ by }) => by === "ENV").map(({ name }) => name),
    settings: changed.filter(({ by }) => setting.has(by)).map(({ name }) => name),
  };
}
