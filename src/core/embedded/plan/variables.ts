import { isPartlyUnknown, WordExpander } from "../../dockerfile/expandWord";
import { platformVariables } from "../../dockerfile/platformVariables";
import type { Instruction } from "../../dockerfile/instruction";
import { ObstacleError } from "./obstacle";
import type { BuildPlan } from "./planBuild";

const unreadable = "a word that only BuildKit reads";
/** Variables that only SBOM scanners read. */
const notVariables = new Set(["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"]);

/** The variables of one build: the arguments of all stages, and the reader of words. */
export class BuildVariables {
  readonly #expander: WordExpander;
  readonly #globals = new Map<string, string>();
  readonly #buildArgs: ReadonlyMap<string, string>;

  /** @throws ObstacleError */
  constructor({ question, escape, globals, targetStage }: BuildPlan) {
    this.#expander = new WordExpander(escape);
    this.#buildArgs = new Map(Object.entries(question.buildArgs ?? {}));
    const automatic = [...platformVariables(question), ["TARGETSTAGE", targetStage] as const];
    for (const [name, value] of automatic) this.#globals.set(name, this.#buildArgs.get(name) ?? value);
    for (const instruction of globals) this.#declareGlobal(instruction);
  }

  /** The variables of a stage, on top of those of the stage below. */
  of(below?: StageVariables): StageVariables {
    return new StageVariables(this.#expander, this.#globals, this.#buildArgs, below?.values);
  }

  #declareGlobal({ declarations, line }: Instruction): void {
    for (const { name, value } of declarations) {
      const given = this.#buildArgs.get(name);
      const found = given ?? (value === undefined ? undefined : known(this.#expander.expand(value, this.#get), line));
      if (found !== undefined) this.#globals.set(name, found);
    }
  }

  readonly #get = (name: string): string | undefined => this.#globals.get(name);
}

/** The variables of a stage as its instructions change them. */
export class StageVariables {
  readonly values: Map<string, string>;

  constructor(
    private readonly expander: WordExpander,
    private readonly globals: ReadonlyMap<string, string>,
    private readonly buildArgs: ReadonlyMap<string, string>,
    below: ReadonlyMap<string, string> = new Map(),
  ) {
    this.values = new Map(below);
  }

  set(name: string, value: string): void {
    this.values.set(name, value);
  }

  /** Replaces the variables of a word, and takes its quotes away. @throws ObstacleError */
  readonly expand = (word: string): string => known(this.expander.expand(word, this.#get));

  /** The same of a here-document, whose quotes stay. @throws ObstacleError */
  expandText(text: string): string {
    return known(this.expander.expandText(text, this.#get));
  }

  /** Expands a word into words. @throws ObstacleError */
  expandToWords(word: string): string[] {
    const words = this.expander.expandToWords(word, this.#get);
    if (!words) throw new ObstacleError(unreadable);
    words.forEach((each) => known(each));
    return words;
  }

  /** Declares the arguments of an ARG; returns them as the history tells them. @throws ObstacleError */
  declare({ declarations }: Instruction): string {
    return declarations
      .map(({ name, value }) => {
        const found = this.buildArgs.get(name) ?? (value === undefined ? this.globals.get(name) : this.expand(value));
        if (found === undefined) return name;
        known(found);
        if (!notVariables.has(name)) this.values.set(name, found);
        return `${name}=${found}`;
      })
      .join(" ");
  }

  readonly #get = (name: string): string | undefined => this.values.get(name);
}

function known(text: string, line?: number): string {
  if (isPartlyUnknown(text)) throw new ObstacleError(unreadable, { line });
  return text;
}
