import { contextName } from "../base/imageReference";
import { copiedPath, type Taken } from "./copySources";
import { mountsIn } from "./mountOptions";
import { isHidden, reachedStages, sourceNames } from "./reachedStages";
import { readDockerfile } from "./readDockerfile";
import { contextNames, type StageOptions, type ReadStages, type Stage, type Step } from "./stages";
import { isForeignSyntax, syntaxOf } from "./syntax";

/**
 * Returns what a build takes from one of its named contexts: the sources of `COPY --from`, or the whole context if a
 * stage is based on it, a RUN mounts it, or the sources are unknown. Empty if the build doesn't reach it.
 *
 * @param name name of the context, as in `question`
 */
export function contextSources(text: string, name: string, question: StageOptions): Taken[] {
  const wanted = contextName(name) ?? name;
  if (!contextNames(question).has(wanted)) return [];
  const readings = readDockerfile(text, question);
  if (!readings || isForeignSyntax(syntaxOf(text, question.buildArgs))) return [everything];
  return readings.flatMap((reading) => (reading.isCutShort ? [everything] : takenFrom(reading, wanted, question)));
}

/**
 * Returns the named contexts that a build reaches, in one pass: a workspace's settings may contain any number of them.
 */
export function usedContexts(text: string, question: StageOptions): string[] {
  const contexts = contextNames(question);
  const written = [...(question.namedContexts ?? []), ...Object.keys(question.buildContexts ?? {})];
  const known = written
    .map((name) => ({ name, meant: contextName(name) ?? name }))
    .filter(({ meant }) => contexts.has(meant));
  const readings = readDockerfile(text, question);
  const isUnknown = !readings || isForeignSyntax(syntaxOf(text, question.buildArgs));
  const used = new Set(readings?.flatMap((reading) => [...meantIn(reading, contexts, question.target)]));
  const isUsed = (meant: string): boolean => isUnknown || used.has(any) || used.has(meant);
  return known.flatMap(({ name, meant }) => (isUsed(meant) ? name : []));
}

/**
 * Generates a Dockerfile that copies from its own context what another Dockerfile copies from a named context, in the
 * same lines, for checks that examine the sources of COPY.
 */
export function contextDockerfile(text: string, name: string, question: StageOptions): string {
  const lines = ["FROM scratch"];
  const paths = new Map<number, string[]>();
  for (const { path, range } of contextSources(text, name, question)) {
    // A `$` would be expanded as a variable there.
    if (path === undefined || path.includes("$")) continue;
    const line = Math.max(range.line, 2);
    paths.set(line, [...(paths.get(line) ?? []), path || "."]);
  }
  for (const [line, copied] of paths) {
    while (lines.length < line) lines.push("");
    lines[line - 1] = `COPY ${JSON.stringify([...copied, "/"])}`;
  }
  return `${lines.join("\n")}\n`;
}

/** Source that an instruction takes from a named context. */
interface ContextTaken extends Pick<Taken, "path" | "isWildcard"> {
  /** Name by which BuildKit looks the context up. */
  readonly context: string;
}

/** Returns what a step takes from named contexts: the sources of `COPY --from`, and those of mounts. */
export function takenFromContexts(
  step: Step,
  stage: Stage,
  stages: readonly Stage[],
  contexts: ReadonlySet<string>,
): ContextTaken[] {
  const { instruction, expand } = step;
  const takenFrom = (from: string, taken: (context: string) => ContextTaken[]): ContextTaken[] => {
    const meant = meantBy(from, stage, stages);
    return typeof meant === "string" && contexts.has(meant) ? taken(meant) : [];
  };
  if (instruction.keyword === "RUN")
    return mountsIn(instruction.flags, expand).flatMap(({ from = "", source, flag }) =>
      takenFrom(from, (context) => {
        const { path } = copiedPath("RUN", source, { text: "", range: flag.range });
        return [{ context, path, isWildcard: false }];
      }),
    );
  return fromsOf(step).flatMap((from) =>
    takenFrom(from, (context) =>
      instruction.sources.map((word) => {
        const { path, isWildcard } = copiedPath("COPY", expand(word.text), word);
        return { context, path, isWildcard };
      }),
    ),
  );
}

/** Returns the named context that a stage is based on, by the name that BuildKit looks up; undefined if it is none. */
export function contextOfBase({ base, parent }: Stage, contexts: ReadonlySet<string>): string | undefined {
  const meant = parent === "unknown" ? undefined : parent ? parent.name : contextName(base);
  return meant !== undefined && contexts.has(meant) ? meant : undefined;
}

const everything: Taken = {
  keyword: "COPY",
  path: "",
  isWildcard: false,
  spansFolders: false,
  range: { line: 1, column: 1, endLine: 1, endColumn: 1 },
};

/** Matches every name, if the actual one is unknown. */
const any = Symbol("any");
/** Name of a context, stage, or image, as contexts are compared. */
type Meant = string | typeof any | undefined;

function takenFrom({ stages }: ReadStages, wanted: string, question: StageOptions): Taken[] {
  const { target } = question;
  const reached = reachedStages(stages, target);
  const contexts = contextNames(question);
  const isWanted = (meant: Meant): boolean => meant === wanted || meant === any;
  if ([...reached].some((stage) => isWanted(wholeOf(stage, stages, contexts, target)))) return [everything];
  return [...reached].flatMap((stage) =>
    stage.steps.flatMap((step) => takenBy(step, (from) => isWanted(meantBy(from, stage, stages)))),
  );
}

/** Yields the names of all bases and sources that a build reaches; `any` for an unknown one. */
function* meantIn(
  { stages, isCutShort }: ReadStages,
  contexts: ReadonlySet<string>,
  target: string | undefined,
): Generator<Meant> {
  if (isCutShort) yield any;
  for (const stage of reachedStages(stages, target)) {
    yield wholeOf(stage, stages, contexts, target);
    for (const step of stage.steps) for (const from of fromsOf(step)) yield meantBy(from, stage, stages);
  }
}

/**
 * Returns the source that a stage takes as a whole: its base or, if a named context replaces the stage and is exported,
 * that context.
 */
function wholeOf(
  stage: Stage,
  stages: readonly Stage[],
  contexts: ReadonlySet<string>,
  target: string | undefined,
): Meant {
  const { name, base, parent } = stage;
  if (name !== undefined && contexts.has(name)) return isTarget(stage, stages, target) ? name : undefined;
  if (parent === "unknown") return any;
  return parent ? parent.name : contextName(base);
}

/** Checks whether a stage is the build's target, all of whose files are exported. */
function isTarget(stage: Stage, stages: readonly Stage[], target: string | undefined): boolean {
  return target ? target.toLowerCase() === stage.name || Number(target) === stage.index : stage === stages.at(-1);
}

/**
 * Resolves the `from` of a step: an earlier stage takes precedence; a context that replaces a stage has the stage's
 * name.
 */
function meantBy(from: string, { index }: Stage, stages: readonly Stage[]): Meant {
  if (isHidden(from)) return any;
  if (/^\+?\d+$/.test(from)) return stages[Number(from)]?.name;
  const stage = stages.findLast((each) => each.index < index && each.name === from.toLowerCase());
  return stage?.name ?? contextName(from);
}

/** Returns the sources other than the build context that a step takes files from, as they are written. */
function fromsOf(step: Step): string[] {
  const { instruction, expand } = step;
  if (instruction.keyword === "RUN") return mountsIn(instruction.flags, expand).flatMap(({ from }) => from ?? []);
  const from = instruction.keyword === "COPY" && instruction.sources.length > 0 ? sourceNames(step)[0] : undefined;
  return from ? [from] : [];
}

function takenBy(step: Step, isFrom: (from: string) => boolean): Taken[] {
  const { instruction, expand } = step;
  if (!fromsOf(step).some(isFrom)) return [];
  if (instruction.keyword === "RUN") return [everything];
  const spansFolders = instruction.flags.some(
    ({ name, value }) => name === "parents" && value?.toLowerCase() !== "false",
  );
  return instruction.sources.map((word) => ({ ...copiedPath("COPY", expand(word.text), word), spansFolders }));
}
