import { contextOfBase, takenFromContexts } from "./contextSources";
import { takenBy } from "./copySources";
import { unknownPart, WordExpander } from "./expandWord";
import type { Instruction } from "./instruction";
import { instructionOfStep, stageOfStep } from "./locateStep";
import { parseDockerfile, type Dockerfile } from "./parseDockerfile";
import { isHidden, sourceNames } from "./reachedStages";
import { contextNames, readStages, type Stage, type StageOptions, type Step } from "./stages";
import { isForeignSyntax, syntaxOf } from "./syntax";

/** Limit on the instructions that are compared with those of another build. */
export const mostRecipes = 1_000;
/** Limit on the variables of one instruction, and on what one copies. */
export const mostValues = 200;

/** Files that an instruction takes from a build context. */
export interface TakenPath {
  /** Name by which BuildKit looks up a named context; undefined for the build's own. */
  readonly context?: string;
  /** Path or pattern relative to the context; empty for all of it, undefined if the Dockerfile doesn't determine it. */
  readonly path?: string;
  readonly isWildcard: boolean;
}

/** What an instruction does, as far as the Dockerfile and the build's options determine it. Values may be secret. */
export interface StepRecipe {
  /** Index in `stages` of the recipes. */
  readonly stage: number;
  readonly keyword: string;
  readonly line: number;
  /** The instruction as it is written, with its here-documents. */
  readonly text: string;
  /** Its words with variables replaced; `unknownPart` stands for what only the builder knows. */
  readonly meaning: string;
  /** For ARG and ENV, the values that it sets; otherwise those that it names. Unset ones are undefined. */
  readonly values: ReadonlyMap<string, string | undefined>;
  readonly taken: readonly TakenPath[];
  /** Patterns of `--exclude`. */
  readonly excludes: readonly string[];
}

/** Stage of a Dockerfile. */
interface StageRecipe {
  /** Name by which BuildKit reports it. */
  readonly name: string;
  /** Index of the stage that it is based on; undefined for an image, `scratch`, and a base that isn't known. */
  readonly parent?: number;
}

/** What the steps of a build depend on, apart from files and images. */
export interface DockerfileRecipes {
  readonly stages: readonly StageRecipe[];
  /** Instructions that affect a result, stage by stage in the order of the file. */
  readonly steps: readonly StepRecipe[];
  /** Whether these are not all instructions, or another program than Docker's reads the Dockerfile. */
  readonly isIncomplete: boolean;
}

/** Reader of a build's Dockerfile for a comparison with another build. */
export interface RecipeReader {
  readonly recipes: DockerfileRecipes;
  /** Returns the index of a step's instruction; undefined if it has none. */
  indexOf(stepName: string): number | undefined;
}

/** Instructions that run, and those that change the environment of those that run. */
const counted = new Set(["RUN", "COPY", "ADD", "WORKDIR", "ARG", "ENV", "USER", "SHELL"]);
/** Variables that the builder sets. */
const automatic = /^(?:TARGET|BUILD)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT|STAGE)$/;
const variableName = /^[A-Za-z_]\w*$/;

/** Reads what the steps of a build depend on. */
export function readRecipes(text: string, options: StageOptions): RecipeReader {
  const parsed = parseDockerfile(text);
  const { stages, isCutShort } = parsed ? readStages(parsed, options) : { stages: [], isCutShort: true };
  const args = new GivenArgs(options.buildArgs ?? {}, parsed);
  const contexts = contextNames(options);
  const steps: StepRecipe[] = [];
  const indexes = stages.map(() => new Map<Instruction, number>());
  let isIncomplete = isCutShort || isForeignSyntax(syntaxOf(text, options.buildArgs));
  for (const stage of stages) {
    const found: (readonly [Instruction, StepRecipe])[] = [
      [stage.from, fromRecipe(stage, args, contextOfBase(stage, contexts))],
      ...stage.steps.flatMap((step) => {
        const recipe = stepRecipe(stage.index, step, args, takenFromContexts(step, stage, stages, contexts));
        return recipe ? [[step.instruction, recipe] as const] : [];
      }),
    ];
    isIncomplete ||= steps.length + found.length > mostRecipes;
    for (const [instruction, recipe] of found.slice(0, mostRecipes - steps.length)) {
      indexes[stage.index]?.set(instruction, steps.length);
      steps.push(recipe);
    }
  }
  return {
    recipes: { stages: stages.map(stageRecipe), steps, isIncomplete },
    indexOf: (stepName) => {
      const instruction = instructionOfStep(stages, stepName);
      const stage = stageOfStep(stages, stepName);
      return instruction && stage && indexes[stage.index]?.get(instruction);
    },
  };
}

function stageRecipe({ name, index, parent }: Stage): StageRecipe {
  return { name: name ?? `stage-${index}`, ...(typeof parent === "object" && { parent: parent.index }) };
}

function fromRecipe(
  { index, base, platform = "", from }: Stage,
  args: GivenArgs,
  context: string | undefined,
): StepRecipe {
  return {
    stage: index,
    keyword: "FROM",
    line: from.line,
    text: from.text,
    meaning: JSON.stringify([base, platform]),
    values: new Map(namesIn(from.text).map((name) => [name, args.global(name)])),
    taken: context === undefined ? [] : [{ context, path: "", isWildcard: false }],
    excludes: [],
  };
}

function stepRecipe(
  stage: number,
  step: Step,
  args: GivenArgs,
  fromContexts: readonly TakenPath[],
): StepRecipe | undefined {
  const { instruction, expand } = step;
  const { keyword, line, flags, documents } = instruction;
  if (!counted.has(keyword)) return undefined;
  const taken = [...takenBy(step).map(({ path, isWildcard }) => ({ path, isWildcard })), ...fromContexts];
  const isUnknown = taken.length > mostValues || sourceNames(step).some(isHidden);
  return {
    stage,
    keyword,
    line,
    text: [instruction.text, ...documents.map(({ written }) => written)].join("\n"),
    meaning: keyword === "RUN" ? "" : meaningOf(step),
    values: valuesOf(step, args),
    taken: isUnknown ? [{ isWildcard: false }] : taken,
    excludes: flags.flatMap(({ name, value }) => (name === "exclude" && value ? [expand(value)] : [])),
  };
}

function meaningOf({ instruction: { words, flags, documents }, expand }: Step): string {
  return JSON.stringify([
    words.map(({ text }) => expand(text)),
    flags.map(({ name, value = "" }) => [name, expand(value)]),
    documents.map(({ written, expands }) => (expands ? expand(written) : "")),
  ]);
}

function valuesOf({ instruction, expand }: Step, args: GivenArgs): StepRecipe["values"] {
  const { keyword, declarations, pairs, text, documents } = instruction;
  switch (keyword) {
    case "RUN":
      return new Map();
    case "ENV":
      return new Map(pairs.slice(0, mostValues).map(({ name, value = "" }) => [expand(name), expand(value)]));
    case "ARG":
      return new Map(
        declarations
          .slice(0, mostValues)
          .map(({ name, value }) => [
            name,
            args.given(name) ?? (value === undefined ? args.global(name) : expand(value)),
          ]),
      );
    default: {
      const written = [text, ...documents.flatMap((each) => (each.expands ? each.written : []))].join("\n");
      return new Map(namesIn(written).map((name) => [name, valueOf(name, expand)]));
    }
  }
}

/** Reads a variable by expanding it, which tells an unset one from an empty one. */
function valueOf(name: string, expand: Step["expand"]): string | undefined {
  if (!variableName.test(name)) return unknownPart;
  return expand(`\${${name}+1}`) === "" ? undefined : expand(`\${${name}}`);
}

/** Returns the names of the variables in a text. Some may be no variables there, such as those in single quotes. */
function namesIn(text: string): string[] {
  const names = [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = ""]) => name);
  return [...new Set(names)].slice(0, mostValues);
}

/** Values of build arguments: those that are given, and those of the arguments before the first FROM. */
class GivenArgs {
  readonly #global = new Map<string, string | undefined>();

  constructor(
    private readonly buildArgs: Readonly<Record<string, string>>,
    dockerfile: Dockerfile | undefined,
  ) {
    const words = new WordExpander(dockerfile?.escape ?? "\\");
    for (const { keyword, declarations } of dockerfile?.instructions ?? []) {
      if (keyword === "FROM") break;
      for (const { name, value } of keyword === "ARG" ? declarations : [])
        this.#global.set(
          name,
          this.given(name) ?? (value === undefined ? undefined : words.expand(value, (each) => this.global(each))),
        );
    }
  }

  given(name: string): string | undefined {
    return Object.hasOwn(this.buildArgs, name) ? this.buildArgs[name] : undefined;
  }

  global(name: string): string | undefined {
    return this.#global.has(name) ? this.#global.get(name) : automatic.test(name) ? unknownPart : undefined;
  }
}
