import type { OfferedFiles } from "../operation/offeredFiles";
import { digestsOf, imageOf, isImage, type ComparedBuild } from "./baseImages";
import { changedNames, isEmpty, sameInstructions, type SameInstructions } from "./comparedInputs";
import { fileChanges, type FileChange } from "./fileChanges";
import type { BuildInputs } from "./inputsRecord";
import type { ReportStep } from "./reportRecord";

/** Reason why BuildKit ran a step instead of using its cache. */
export type Cause =
  | { readonly kind: "noCache" }
  | { readonly kind: "files"; readonly changes: readonly FileChange[] }
  /** The instruction, or the FROM of its stage, is new or was edited. */
  | { readonly kind: "instruction"; readonly keyword: string; readonly line: number }
  /** The step before it is another one, because instructions were removed or moved. */
  | { readonly kind: "moved" }
  | { readonly kind: "arguments" | "variables" | "settings" | "options"; readonly names: readonly string[] }
  | { readonly kind: "base"; readonly image: string; readonly before: string; readonly now: string }
  /** Another step whose result it uses. */
  | { readonly kind: "step"; readonly step: number };

/** Reason why the cause is not known. */
export type Unknown =
  | { readonly kind: "notCompared" | "noEarlier" | "notKept" | "failedBefore" | "notReached" | "pruned" | "other" }
  | { readonly kind: "files"; readonly changes: readonly FileChange[] }
  | { readonly kind: "inputs"; readonly names: readonly string[] };

/** Why a step was not cached. */
export type Explanation = { readonly causes: readonly Cause[] } | { readonly unknown: Unknown };

/**
 * Explains each instruction that ran by what has changed since an earlier build of the same Dockerfile and target on
 * the same builder. Names only what is known to have changed.
 *
 * @param earlier the newest such build; undefined if there is none
 */
export function whyNotCached(now: ComparedBuild, earlier: ComparedBuild | undefined): ReadonlyMap<number, Explanation> {
  const comparison = new Comparison(now, earlier);
  return new Map(
    now.report.steps.flatMap((step, i) => {
      const found = step.kind === "instruction" && step.state !== "cached" ? comparison.explain(i) : undefined;
      return found ? [[i, found] as const] : [];
    }),
  );
}

class Comparison {
  readonly #own = new Map<number, readonly Cause[]>();
  readonly #differs = new Map<number, boolean>();
  readonly #same: SameInstructions;

  constructor(
    private readonly now: ComparedBuild,
    private readonly earlier: ComparedBuild | undefined,
  ) {
    this.#same =
      now.inputs && earlier?.inputs
        ? sameInstructions(now.inputs, earlier.inputs)
        : { stages: new Map(), steps: new Map() };
  }

  explain(index: number): Explanation | undefined {
    const { inputs, report } = this.now;
    const step = report.steps[index];
    if (!step) return undefined;
    if (this.#isWithoutCache(step)) return { causes: [{ kind: "noCache" }] };
    const isBase = isImage(step);
    if (!inputs || step.recipe === undefined) return isBase ? undefined : unknown("notCompared");
    if (!this.earlier) return isBase ? undefined : unknown("noEarlier");
    if (!this.earlier.inputs) return isBase ? undefined : unknown("notKept");
    const own = this.#ownCauses(index);
    const parents = this.#changedInputs(index, own.length > 0);
    const causes = [...own, ...parents.map((each): Cause => ({ kind: "step", step: each }))];
    if (causes.length > 0) return { causes };
    // A base image that is only read again says nothing about a change.
    return isBase ? undefined : { unknown: this.#whyUnknown(index, step) };
  }

  #isWithoutCache({ recipe }: ReportStep): boolean {
    const { inputs } = this.now;
    const step = recipe === undefined ? undefined : inputs?.steps[recipe];
    if (!inputs || !step || step.keyword === "FROM") return false;
    const { noCache } = inputs;
    return Array.isArray(noCache)
      ? noCache.includes(inputs.stages[step.stage]?.name.toLowerCase() ?? "")
      : noCache === true;
  }

  /** Returns what has changed of a step itself, whether or not it is cached. */
  #ownCauses(index: number): readonly Cause[] {
    const known = this.#own.get(index);
    if (known) return known;
    const found = this.#findOwn(index);
    this.#own.set(index, found);
    return found;
  }

  #findOwn(index: number): Cause[] {
    const step = this.now.report.steps[index];
    const [inputs, before] = [this.now.inputs, this.earlier?.inputs];
    if (!step || !inputs || !before) return [];
    const base = this.#baseCause(step);
    if (isImage(step)) return base;
    const { recipe } = step;
    const instruction = recipe === undefined ? undefined : inputs.steps[recipe];
    if (recipe === undefined || !instruction) return [];
    const bases = step.inputs.flatMap((input) => {
      const source = this.now.report.steps[input];
      return source && isImage(source) ? this.#baseCause(source) : [];
    });
    return [
      ...this.#instructionCauses(recipe),
      ...(this.#isFirst(recipe) ? this.#instructionCauses(this.#fromOf(recipe)) : []),
      ...bases,
      ...(this.#isFirst(recipe) ? this.#fileCauses(this.#fromOf(recipe), "changed") : []),
      ...(this.#isMoved(recipe) ? [{ kind: "moved" } as const] : []),
      ...(instruction.keyword === "RUN" ? optionCauses(inputs, before) : []),
      ...this.#fileCauses(recipe, "changed"),
    ];
  }

  /** Compares an instruction with the same one of the earlier build. */
  #instructionCauses(recipe: number | undefined): Cause[] {
    const [inputs, before] = [this.now.inputs, this.earlier?.inputs];
    const step = recipe === undefined ? undefined : inputs?.steps[recipe];
    if (recipe === undefined || !step || !inputs || !before) return [];
    const same = this.#same.steps.get(recipe);
    // Instructions that were not read may be the same.
    if (same === undefined)
      return before.isIncomplete ? [] : [{ kind: "instruction", keyword: step.keyword, line: step.line }];
    if (step.keyword === "FROM" && this.#isSameBase(recipe, same)) return [];
    if (before.steps[same]?.text !== step.text)
      return [{ kind: "instruction", keyword: step.keyword, line: step.line }];
    const changed = changedNames(inputs, recipe, before, same);
    if (isEmpty(changed)) return [];
    const { args, variables, settings } = changed;
    const kinds = [
      ["arguments", args],
      ["variables", variables],
      ["settings", settings],
    ] as const;
    return kinds.flatMap(([kind, names]): Cause[] => (names.length > 0 ? [{ kind, names }] : []));
  }

  /** Whether a FROM means the same: a stage with another name may be the same stage. */
  #isSameBase(recipe: number, same: number): boolean {
    const [inputs, before] = [this.now.inputs, this.earlier?.inputs];
    const [step, old] = [inputs?.steps[recipe], before?.steps[same]];
    if (!step || !old) return false;
    const [parent, oldParent] = [inputs?.stages[step.stage]?.parent, before?.stages[old.stage]?.parent];
    if (parent === undefined || oldParent === undefined) return step.meaning === old.meaning;
    return this.#same.stages.get(parent) === oldParent;
  }

  /** Whether an instruction has another one before it than in the earlier build, although both builds have both. */
  #isMoved(recipe: number): boolean {
    const [inputs, before] = [this.now.inputs, this.earlier?.inputs];
    const same = this.#same.steps.get(recipe);
    if (!inputs || !before || same === undefined) return false;
    const above = stepAbove(inputs, recipe);
    if (above !== undefined && !this.#same.steps.has(above)) return false;
    return (above === undefined ? undefined : this.#same.steps.get(above)) !== stepAbove(before, same);
  }

  /** Whether an instruction is the first of its stage that makes a step. */
  #isFirst(recipe: number): boolean {
    return this.now.inputs !== undefined && stepAbove(this.now.inputs, recipe) === undefined;
  }

  #fromOf(recipe: number): number | undefined {
    const steps = this.now.inputs?.steps ?? [];
    const found = steps.findIndex(({ stage, keyword }) => stage === steps[recipe]?.stage && keyword === "FROM");
    return found < 0 ? undefined : found;
  }

  #baseCause(step: ReportStep): Cause[] {
    const image = imageOf(step);
    const found = this.earlier && digestsOf(image, this.now, this.earlier);
    return found && found.now !== found.before ? [{ kind: "base", image, ...found }] : [];
  }

  #fileCauses(recipe: number | undefined, wanted: "changed" | "mayHaveChanged"): Extract<Cause, { kind: "files" }>[] {
    const same = recipe === undefined ? undefined : this.#same.steps.get(recipe);
    const step = recipe === undefined ? undefined : this.now.inputs?.steps[recipe];
    // Other paths are other files, whether or not these have changed.
    if (same === undefined || !step || step.meaning !== this.earlier?.inputs?.steps[same]?.meaning) return [];
    const contexts = [...new Set(step.taken.map(({ context }) => context))];
    const changes = contexts.flatMap((context) => {
      const [now, before] = [this.now, this.earlier].map((build) => filesOf(build, context));
      if (!now || !before) return [];
      const taken = step.taken.filter((each) => each.context === context);
      const found = fileChanges(before, now, { taken, excludes: step.excludes }) ?? [];
      return found
        .filter(({ kind }) => (kind === "mayHaveChanged") === (wanted === "mayHaveChanged"))
        .map((change) => ({ ...change, ...(context !== undefined && { context }) }));
    });
    return changes.length > 0 ? [{ kind: "files", changes }] : [];
  }

  /** Returns the inputs of a step that are known to have changed; with a cause of its own, only its parent. */
  #changedInputs(index: number, hasCause: boolean): number[] {
    const step = this.now.report.steps[index];
    const changed = (step?.inputs ?? []).filter(
      (input) => !isImage(this.now.report.steps[input]) && this.#hasChanged(input),
    );
    const parents = changed.filter((input) => this.now.report.steps[input]?.stage === step?.stage);
    // Files that are copied from another stage may be the same although its last step ran.
    return parents.length > 0 || hasCause ? parents : changed;
  }

  /** Whether the result of a step is known to be another than in the earlier build. */
  #hasChanged(index: number): boolean {
    const known = this.#differs.get(index);
    if (known !== undefined) return known;
    this.#differs.set(index, false);
    const step = this.now.report.steps[index];
    const ranAnew = step !== undefined && step.state !== "cached" && this.#isWithoutCache(step);
    const found =
      ranAnew ||
      this.#ownCauses(index).length > 0 ||
      (step?.inputs ?? []).some((input) => {
        const isParent = this.now.report.steps[input]?.stage === step?.stage;
        return (isParent || step?.state !== "cached") && this.#hasChanged(input);
      });
    this.#differs.set(index, found);
    return found;
  }

  #whyUnknown(index: number, step: ReportStep): Unknown {
    const { recipe = -1 } = step;
    const before = this.#earlierStep(step);
    if (!before) return { kind: "notReached" };
    if (before.state === "failed" || before.state === "stopped") return { kind: "failedBefore" };
    const files = [recipe, ...(this.#isFirst(recipe) ? [this.#fromOf(recipe)] : [])].flatMap((each) =>
      this.#fileCauses(each, "mayHaveChanged"),
    );
    if (files.length > 0) return { kind: "files", changes: files.flatMap(({ changes }) => changes) };
    // The digest of a step covers its definition, and not the content of what it uses.
    const names = this.#unknownInputs(index);
    if (names.length > 0) return { kind: "inputs", names };
    if (this.now.inputs?.isIncomplete || this.earlier?.inputs?.isIncomplete) return { kind: "other" };
    // The digest of a step that uses the build context is another one in each build.
    return { kind: step.digest === before.digest || this.#usesContext(index) ? "pruned" : "other" };
  }

  /** Returns the step of the earlier build that carried out the same instruction, for the same platform. */
  #earlierStep({ recipe = -1, name }: ReportStep): ReportStep | undefined {
    const same = this.#same.steps.get(recipe);
    const steps = this.earlier?.report.steps.filter((each) => each.recipe !== undefined && each.recipe === same) ?? [];
    return steps.find((each) => platformOf(each.name) === platformOf(name)) ?? steps[0];
  }

  /** Returns the names of inputs whose content isn't compared, such as remote files, and of those of its inputs. */
  #unknownInputs(index: number, seen = new Set<number>()): string[] {
    if (seen.has(index)) return [];
    seen.add(index);
    const { steps } = this.now.report;
    const step = steps[index];
    if (!step) return [];
    const isSource = step.inputs.length === 0 && step.recipe === undefined && !isImage(step);
    if (isSource && !this.#isCompared(step)) return [step.name];
    if (isImage(step) && !(this.earlier && digestsOf(imageOf(step), this.now, this.earlier))) return [step.name];
    const inputs = step.inputs.flatMap((input) => this.#unknownInputs(input, seen));
    const taken = (step.recipe === undefined ? undefined : this.now.inputs?.steps[step.recipe])?.taken ?? [];
    const isUnknown = taken.some(({ path }) => path === undefined);
    return isUnknown ? [...inputs, step.name] : inputs;
  }

  /** Whether a step transfers a build context whose files both builds have kept. */
  #isCompared(step: ReportStep): boolean {
    const context = contextOf(step);
    return !!context && [this.now, this.earlier].every((build) => filesOf(build, context.name) !== undefined);
  }

  #usesContext(index: number, seen = new Set<number>()): boolean {
    if (seen.has(index)) return false;
    seen.add(index);
    const step = this.now.report.steps[index];
    return (
      (step && contextOf(step)) !== undefined || (step?.inputs ?? []).some((input) => this.#usesContext(input, seen))
    );
  }
}

/** Returns the context that a step transfers, by BuildKit's names for these steps; undefined if it transfers none. */
function contextOf({ name }: ReportStep): { readonly name?: string } | undefined {
  if (name === "[internal] load build context") return {};
  const named = /^\[context ([^\]]+)\] load from client$/.exec(name)?.[1];
  return named === undefined ? undefined : { name: named };
}

/** Returns the files of a build context that the builder was offered. */
function filesOf(build: ComparedBuild | undefined, context = ""): OfferedFiles | undefined {
  return build?.inputs?.folders.find(({ name }) => name === context)?.files;
}

const makesStep = new Set(["RUN", "COPY", "ADD", "WORKDIR"]);

/** Returns the instruction before an instruction in its stage that makes a step. */
function stepAbove({ steps }: BuildInputs, recipe: number): number | undefined {
  const stage = steps[recipe]?.stage;
  for (let i = recipe - 1; i >= 0 && steps[i]?.stage === stage; i--)
    if (makesStep.has(steps[i]?.keyword ?? "")) return i;
  return undefined;
}

function unknown(kind: "notCompared" | "noEarlier" | "notKept"): Explanation {
  return { unknown: { kind } };
}

function optionCauses(now: BuildInputs, before: BuildInputs): Cause[] {
  const [one, other] = [new Map(now.options), new Map(before.options)];
  const names = [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
  return names.length > 0 ? [{ kind: "options", names }] : [];
}

function platformOf(name: string): string {
  return /^\[([^\s/]+\/[^\s\]]+) /.exec(name)?.[1] ?? "";
}
