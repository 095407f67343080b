import { Arg, Copy, Env, From, Run, type Dockerfile, type Instruction } from "dockerfile-ast";
import { expandWord, type Variables } from "./expandWord";

/** A stage of a Dockerfile. */
export interface Stage {
  /** In lower case, as stages are compared. */
  readonly name?: string;
  /** The image or stage it stands on, in lower case; nothing if a variable hides it. */
  readonly base?: string;
  readonly index: number;
  readonly steps: readonly Step[];
}

/** An instruction of a stage, with the variables as they stand where it is. */
export interface Step {
  readonly instruction: Instruction;
  readonly variables: Variables;
}

type Values = Map<string, string | undefined>;

/** Takes a Dockerfile apart into its stages, following ARG and ENV through them. */
export function splitStages(dockerfile: Dockerfile, escape: string, buildArgs: Readonly<Record<string, string>>): Stage[] {
  const globals: Values = new Map();
  const stages: (Stage & { steps: Step[]; environment: Values })[] = [];
  let values: Values = globals;
  for (const instruction of dockerfile.getInstructions()) {
    const stage = stages.at(-1);
    if (instruction instanceof From) {
      const base = expandWord(instruction.getImage() ?? "", escape, (name) => globals.get(name))?.toLowerCase();
      const parent = stages.findLast(({ name }) => name !== undefined && name === base);
      const environment: Values = new Map(parent?.environment);
      stages.push({ name: instruction.getBuildStage()?.toLowerCase(), base, index: stages.length, steps: [], environment });
      values = new Map(environment);
    } else if (instruction instanceof Arg) {
      declare(instruction, values, stage ? globals : undefined);
    } else if (stage) {
      const now: ReadonlyMap<string, string | undefined> = new Map(values);
      stage.steps.push({ instruction, variables: (name) => now.get(name) });
      if (instruction instanceof Env) set(instruction, values, stage.environment);
    }
  }
  return stages;

  function declare(arg: Arg, into: Values, outer: Values | undefined): void {
    for (const argument of arg.getPropertyArguments()) {
      const [, name = "", word] = /^([^=]*)(?:=(.*))?$/s.exec(argument.getValue()) ?? [];
      // ENV wins over ARG wherever it stands.
      if (outer && stages.at(-1)?.environment.has(name)) continue;
      const fallback = word === undefined ? outer?.get(name) : expandWord(word, escape, (other) => into.get(other));
      into.set(name, buildArgs[name] ?? fallback);
    }
  }

  function set(env: Env, into: Values, environment: Values): void {
    const before = new Map(into);
    for (const property of env.getProperties()) {
      const value = expandWord(property.getUnescapedValue() ?? "", escape, (name) => before.get(name));
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
  for (let stage = pending.pop(); stage; stage = pending.pop()) {
    if (reached.has(stage)) continue;
    reached.add(stage);
    pending.push(...referencedStages(stage, stages));
  }
  return reached;
}

/** The stages that a stage needs, by FROM, COPY --from or a mount. */
function referencedStages(stage: Stage, stages: readonly Stage[]): Stage[] {
  const earlier = stages.slice(0, stage.index);
  const flags = stage.steps.flatMap(({ instruction }) =>
    instruction instanceof Copy || instruction instanceof Run ? instruction.getFlags() : [],
  );
  const froms = flags.flatMap((flag) =>
    flag.getName() === "from" ? (flag.getValue() ?? []) : (/(?:^|,)from=([^,]*)/.exec(flag.getValue() ?? "")?.[1] ?? []),
  );
  const names = froms.map((name) => name.toLowerCase());
  // A variable may stand for any of them.
  if (stage.base === undefined || names.some((name) => name.includes("$"))) return earlier;
  return earlier.filter(
    ({ name, index }) => names.includes(String(index)) || (name !== undefined && (name === stage.base || names.includes(name))),
  );
}
