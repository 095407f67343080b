import { contextName } from "../base/imageReference";
import { copiedPath, type Taken } from "./copySources";
import { mountsIn } from "./mountOptions";
import { isHidden, reachedStages, sourceNames } from "./reachedStages";
import { readDockerfile } from "./readDockerfile";
import { contextNames, type BuildQuestion, type ReadStages, type Stage, type Step } from "./stages";
import { isForeignSyntax, syntaxOf } from "./syntax";

/**
 * Reads what a build takes out of one of its named contexts: the sources of `COPY --from`, or all of it where a stage
 * stands on it, a RUN mounts it, or what is taken is not known. Empty where the build does not get to it.
 *
 * @param name as it is among the names of `question`
 */
export function contextSources(text: string, name: string, question: BuildQuestion): Taken[] {
  const wanted = contextName(name) ?? name;
  if (!contextNames(question).has(wanted)) return [];
  const readings = readDockerfile(text, question);
  if (!readings || isForeignSyntax(syntaxOf(text, question.buildArgs))) return [everything];
  return readings.flatMap((reading) => (reading.isCutShort ? [everything] : takenFrom(reading, wanted, question)));
}

/** Lists the named contexts that a build gets to, in one pass: a workspace's settings may have any number of them. */
export function usedContexts(text: string, question: BuildQuestion): string[] {
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
 * Writes a Dockerfile that copies out of its context what another one copies out of a named one, in the same lines: for
 * what judges sources of COPY.
 */
export function contextDockerfile(text: string, name: string, question: BuildQuestion): string {
  const lines = ["FROM scratch"];
  const paths = new Map<number, string[]>();
  for (const { path, range } of contextSources(text, name, question)) {
    // A variable's sign would be replaced there.
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

const everything: Taken = {
  keyword: "COPY",
  path: "",
  isWildcard: false,
  spansFolders: false,
  range: { line: 1, column: 1, endLine: 1, endColumn: 1 },
};

/** Stands for every name, where it is not known which is meant. */
const any = Symbol("any");
/** The name of what is meant, as contexts are compared. */
type Meant = string | typeof any | undefined;

function takenFrom({ stages }: ReadStages, wanted: string, question: BuildQuestion): Taken[] {
  const { target } = question;
  const reached = reachedStages(stages, target);
  const contexts = contextNames(question);
  const isWanted = (meant: Meant): boolean => meant === wanted || meant === any;
  if ([...reached].some((stage) => isWanted(wholeOf(stage, stages, contexts, target)))) return [everything];
  return [...reached].flatMap((stage) =>
    stage.steps.flatMap((step) => takenBy(step, (from) => isWanted(meantBy(from, stage, stages)))),
  );
}

/** Whatever a build gets to. */
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

/** What a stage takes all of: what it stands on or, if a context has its place and is exported, that. */
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

/** What is exported is all of it. */
function isTarget(stage: Stage, stages: readonly Stage[], target: string | undefined): boolean {
  return target ? target.toLowerCase() === stage.name || Number(target) === stage.index : stage === stages.at(-1);
}

/** What a step's `from` means: a stage before it goes first, unless a context took its place. */
function meantBy(from: string, { index }: Stage, stages: readonly Stage[]): Meant {
  if (isHidden(from)) return any;
  if (/^\+?\d+$/.test(from)) return stages[Number(from)]?.name;
  const stage = stages.findLast((each) => each.index < index && each.name === from.toLowerCase());
  return stage?.name ?? contextName(from);
}

/** The places besides the build's context that a step takes files from, as they are written. */
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
