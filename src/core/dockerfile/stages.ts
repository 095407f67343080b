import { Arg, Copy, Env, From, Run, type Dockerfile, type Instruction } from "dockerfile-ast";
import { WordExpander } from "./expandWord";
import { VariableHistory } from "./variableHistory";

/** A stage of a Dockerfile. */
export interface Stage {
  /** In lower case, as stages are compared. */
  readonly name?: string;
  /** The image or stage it stands on, in lower case; nothing if a variable hides it. */
  readonly base?: string;
  readonly index: number;
  readonly steps: readonly Step[];
}

/** An instruction of a stage. */
export interface Step {
  readonly instruction: Instruction;
  /** A word of it as the builder reads it, with the variables as they stand there; nothing where that cannot be told. */
  readonly expand: (word: string) => string | undefined;
}

type OpenStage = Stage & { readonly steps: Step[]; readonly environment: VariableHistory };

/** Takes a Dockerfile apart into its stages, following ARG and ENV through them. */
export function splitStages(dockerfile: Dockerfile, buildArgs: Readonly<Record<string, string>>): Stage[] {
  const words = new WordExpander(dockerfile.getEscapeCharacter());
  const globals = new VariableHistory();
  const stages: OpenStage[] = [];
  const byName = new Map<string, OpenStage>();
  let values = globals;
  for (const instruction of dockerfile.getInstructions()) {
    const stage = stages.at(-1);
    if (instruction instanceof From) {
      const base = words.expand(instruction.getImage() ?? "", (name) => globals.get(name))?.toLowerCase();
      const parent = base === undefined ? undefined : byName.get(base);
      const environment = new VariableHistory(parent?.environment);
      const name = instruction.getBuildStage()?.toLowerCase();
      const opened = { name, base, index: stages.length, steps: [], environment };
      stages.push(opened);
      if (name !== undefined) byName.set(name, opened);
      values = new VariableHistory(parent?.environment);
    } else if (instruction instanceof Arg) {
      declare(instruction, values, stage);
    } else if (stage) {
      const variables = values.asOfNow();
      stage.steps.push({ instruction, expand: (word) => words.expand(word, variables) });
      if (instruction instanceof Env) set(instruction, values, stage.environment);
    }
  }
  return stages;

  function declare(arg: Arg, into: VariableHistory, stage: OpenStage | undefined): void {
    for (const argument of arg.getPropertyArguments()) {
      const [, name = "", word] = /^([^=]*)(?:=(.*))?$/s.exec(argument.getValue()) ?? [];
      // ENV wins over ARG wherever it stands.
      if (stage?.environment.has(name)) continue;
      const fallback = word === undefined ? stage && globals.get(name) : words.expand(word, (other) => into.get(other));
      into.set(name, buildArgs[name] ?? fallback);
    }
  }

  function set(env: Env, into: VariableHistory, environment: VariableHistory): void {
    const before = into.asOfNow();
    for (const property of env.getProperties()) {
      const value = words.expand(property.getUnescapedValue() ?? "", before);
      into.set(property.getName(), value);
      environment.set(property.getName(), value);
    }
  }
}

/**
 * The stages that a build gets to.
 *
 * @param target the stage to stop at, by name or number; default is the last
 */
export function reachedStages(stages: readonly Stage[], target?: string): Set<Stage> {
  const wanted = target?.toLowerCase();
  const reached = new Set<Stage>();
  const pending = wanted === undefined ? stages.slice(-1) : stages.filter(({ name, index }) => name === wanted || String(index) === wanted).slice(-1);
  const references = new References(stages);
  let widened = 0;
  for (let stage = pending.pop(); stage; stage = pending.pop()) {
    if (reached.has(stage)) continue;
    reached.add(stage);
    const names = namesIn(stage);
    // A variable may stand for any earlier stage.
    if (stage.base === undefined || names.some((name) => name.includes("$"))) {
      pending.push(...stages.slice(widened, stage.index));
      widened = Math.max(widened, stage.index);
    }
    for (const name of names) pending.push(...references.earlier(name, stage));
    if (stage.base !== undefined) pending.push(...references.earlier(stage.base, stage, false));
  }
  return reached;
}

/** The stages by what they are called. Each is given out once for a name, however often that is asked for. */
class References {
  readonly #byName = new Map<string, Stage[]>();
  readonly #given = new Map<string, number>();

  constructor(private readonly stages: readonly Stage[]) {
    for (const stage of stages) {
      if (stage.name === undefined) continue;
      const same = this.#byName.get(stage.name);
      if (same) same.push(stage);
      else this.#byName.set(stage.name, [stage]);
    }
  }

  /** Those of a name, or of a number, that stand before a stage, as far as they have not been given out. */
  earlier(name: string, { index }: Stage, isNumberMeant = true): Stage[] {
    const named = this.#byName.get(name) ?? [];
    const from = this.#given.get(name) ?? 0;
    let to = from;
    while ((named[to]?.index ?? Infinity) < index) to++;
    this.#given.set(name, to);
    const numbered = isNumberMeant && String(Number(name)) === name && Number(name) < index ? this.stages[Number(name)] : undefined;
    return [...named.slice(from, to), ...(numbered ? [numbered] : [])];
  }
}

/** What a stage names by COPY --from or a mount, in lower case. */
function namesIn({ steps }: Stage): string[] {
  const flags = steps.flatMap(({ instruction }) => (instruction instanceof Copy || instruction instanceof Run ? instruction.getFlags() : []));
  const froms = flags.flatMap((flag) =>
    flag.getName() === "from" ? (flag.getValue() ?? []) : (/(?:^|,)from=([^,]*)/.exec(flag.getValue() ?? "")?.[1] ?? []),
  );
  return froms.map((name) => name.toLowerCase());
}
