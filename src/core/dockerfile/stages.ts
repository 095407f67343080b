import { contextName } from "../base/imageReference";
import { unknownPart, WordExpander, type Variables } from "./expandWord";
import type { Instruction } from "./instruction";
import type { Dockerfile } from "./parseDockerfile";
import { platformVariables, type PlatformFacts } from "./platformVariables";
import { VariableHistory } from "./variableHistory";

/** Options of a build that determine the meaning of its Dockerfile. */
export interface StageOptions extends PlatformFacts {
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Stage to stop at, by name or number; default is the last one. */
  readonly target?: string;
  /** Names of contexts that replace stages and images. */
  readonly namedContexts?: readonly string[];
  /** Contexts that replace stages and images with their sources, as in `BuildOptions`. */
  readonly buildContexts?: Readonly<Record<string, string>>;
}

/** Stage of a Dockerfile. */
export interface Stage {
  readonly index: number;
  /** Lowercase, as stages are compared. */
  readonly name?: string;
  /** Image or stage that it is based on, as in FROM, with variables replaced. */
  readonly base: string;
  readonly from: Instruction;
  /** Value of `FROM --platform`, with variables replaced. */
  readonly platform?: string;
  /** Stage that it is based on; `unknown` if it may be any earlier stage, undefined if there is none. */
  readonly parent?: Stage | "unknown";
  /** Steps, starting with the triggers of its base stage. Empty if a named context replaces the stage. */
  readonly steps: readonly Step[];
  /** Triggers that its ONBUILD instructions define for stages based on it. */
  readonly triggers: readonly Step[];
  /** Steps that a named context replaces. */
  readonly replacedSteps: readonly Step[];
}

/** Instruction of a stage. */
export interface Step {
  readonly instruction: Instruction;
  /** Expands a word of the instruction with the variables at that point; see `WordExpander.expand`. */
  readonly expand: (word: string) => string;
}

/** Dockerfile as one build reads it. */
export interface ReadStages {
  readonly stages: readonly Stage[];
  /** Whether some triggers are left out because there are too many. */
  readonly isCutShort: boolean;
}

interface OpenStage extends Stage {
  readonly steps: Step[];
  readonly triggers: Step[];
  readonly replacedSteps: Step[];
  readonly variables: VariableHistory;
}

/** Limit on the triggers that are followed in one Dockerfile. */
const mostTriggers = 2_000;
const unknownVariables: Variables = () => unknownPart;

/** Splits a Dockerfile into its stages, and tracks ARG and ENV through them. */
export function readStages(dockerfile: Dockerfile, question: StageOptions = {}): ReadStages {
  const reader = new StageReader(dockerfile, question);
  for (const instruction of dockerfile.instructions) reader.read(instruction);
  return reader;
}

class StageReader implements ReadStages {
  readonly stages: OpenStage[] = [];
  isCutShort = false;
  readonly #words: WordExpander;
  readonly #globals = new VariableHistory("scratch");
  readonly #byName = new Map<string, OpenStage>();
  readonly #buildArgs: ReadonlyMap<string, string>;
  readonly #contexts: ReadonlySet<string>;
  #triggersLeft = mostTriggers;

  constructor(dockerfile: Dockerfile, question: StageOptions) {
    this.#words = new WordExpander(dockerfile.escape);
    this.#buildArgs = new Map(Object.entries(question.buildArgs ?? {}));
    this.#contexts = contextNames(question);
    const automatic = platformVariables(question);
    // Only newer builders set it.
    automatic.set("TARGETSTAGE", unknownPart);
    for (const [name, value] of automatic) this.#globals.set(name, this.#buildArgs.get(name) ?? value);
  }

  read(instruction: Instruction): void {
    const stage = this.stages.at(-1);
    if (instruction.keyword === "FROM") this.#open(instruction);
    else if (stage) this.#follow(instruction, stage);
    else if (instruction.keyword === "ARG") this.#declareGlobal(instruction);
  }

  #open(instruction: Instruction): void {
    const variables = this.#globals.asOfNow();
    const base = this.#words.expand(instruction.words[0]?.text ?? "", variables);
    const name = stageName(instruction);
    const isReplaced = this.#isReplaced({ name });
    const parent = isReplaced
      ? undefined
      : base.includes(unknownPart)
        ? "unknown"
        : this.#byName.get(base.toLowerCase());
    const ground =
      typeof parent === "object" && !this.#isReplaced(parent)
        ? parent.variables
        : parent === undefined && base === "scratch"
          ? "scratch"
          : "unknown";
    const stage: OpenStage = {
      index: this.stages.length,
      name,
      base,
      from: instruction,
      platform: this.#platformOf(instruction, variables),
      parent,
      steps: [],
      triggers: [],
      replacedSteps: [],
      variables: new VariableHistory(ground),
    };
    const below = parent === "unknown" ? [...this.stages] : parent ? [parent] : [];
    this.stages.push(stage);
    if (name !== undefined) this.#byName.set(name, stage);
    for (const { triggers } of below) for (const trigger of triggers) this.#trigger(trigger.instruction, stage);
  }

  #platformOf(from: Instruction, variables: Variables): string | undefined {
    const value = from.flag("platform")?.value;
    return value === undefined ? undefined : this.#words.expand(value, variables);
  }

  #trigger(instruction: Instruction, stage: OpenStage): void {
    if (this.#triggersLeft-- > 0) this.#follow(instruction, stage);
    else this.isCutShort = true;
  }

  #isReplaced({ name }: Pick<Stage, "name">): boolean {
    return name !== undefined && this.#contexts.has(name);
  }

  #follow(instruction: Instruction, stage: OpenStage): void {
    const variables = stage.variables.asOfNow();
    const expand = (word: string): string => this.#words.expand(word, variables);
    const { trigger } = instruction;
    if (trigger)
      stage.triggers.push({ instruction: trigger, expand: (word) => this.#words.expand(word, unknownVariables) });
    else (this.#isReplaced(stage) ? stage.replacedSteps : stage.steps).push({ instruction, expand });
    if (instruction.keyword === "ENV")
      for (const [name, value] of instruction.pairs.map(
        (pair) => [expand(pair.name), expand(pair.value ?? "")] as const,
      ))
        stage.variables.set(name, value, true);
    if (instruction.keyword === "ARG") this.#declare(instruction, stage);
  }

  #declare(instruction: Instruction, { variables }: OpenStage): void {
    const globals = this.#globals.asOfNow();
    const before = variables.asOfNow();
    for (const { name, value: fallback } of instruction.declarations) {
      const value =
        this.#buildArgs.get(name) ??
        (fallback === undefined ? globals(name) : this.#fallbackValue(fallback, before, variables.asOfNow()));
      if (value !== undefined) variables.set(name, value);
      // Builders up to Docker 26 replace variables and remove quotes in the name, too; later ones take it as written.
      const oldName = this.#words.expand(name, before);
      if (oldName !== name) variables.set(oldName, unknownPart);
    }
  }

  /**
   * Replaces the variables of an ARG's default. Builders up to Docker 26 know those before the instruction, later ones
   * those set earlier in it, too; where that makes a difference, the value is not known.
   */
  #fallbackValue(fallback: string, before: Variables, now: Variables): string {
    const [older, newer] = [this.#words.expand(fallback, before), this.#words.expand(fallback, now)];
    return older === newer ? newer : unknownPart;
  }

  #declareGlobal(instruction: Instruction): void {
    for (const { name, value: fallback } of instruction.declarations) {
      const globals = this.#globals.asOfNow();
      const given = this.#buildArgs.get(name);
      if (given !== undefined) this.#globals.set(name, given);
      else if (fallback !== undefined) this.#globals.set(name, this.#words.expand(fallback, globals));
      // Declared again without a value, it is unset for builders up to Docker 26, and keeps its value for later ones.
      else if (globals(name) !== undefined) this.#globals.set(name, unknownPart);
    }
  }
}

/**
 * Returns the names of a build's contexts as BuildKit compares them, without `scratch` and `context`, which it does not
 * look up.
 */
export function contextNames({ namedContexts = [], buildContexts = {} }: StageOptions): Set<string> {
  const written = [...namedContexts.map((name) => name.toLowerCase()), ...Object.keys(buildContexts)];
  return new Set(
    written.map((name) => contextName(name) ?? name).filter((name) => !["scratch", "context"].includes(name)),
  );
}

/** Returns the name that a FROM gives its stage, in lowercase; undefined if there is none. */
export function stageName(from: Instruction): string | undefined {
  const [, as, name, ...others] = from.words;
  return as?.text.toLowerCase() === "as" && others.length === 0 ? name?.text.toLowerCase() : undefined;
}
