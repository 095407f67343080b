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

/** Lists the named contexts that a build gets to. */
export function usedContexts(text: string, question: BuildQuestion): string[] {
  const names = [...(question.namedContexts ?? []), ...Object.keys(question.buildContexts ?? {})];
  return names.filter((name) => contextSources(text, name, question).length > 0);
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

function takenFrom({ stages }: ReadStages, wanted: string, question: BuildQuestion): Taken[] {
  const { target } = question;
  const reached = reachedStages(stages, target);
  const contexts = contextNames(question);
  const isReplaced = ({ name = "" }: Stage): boolean => contexts.has(name);
  const isWhole = [...reached].some((stage) =>
    isReplaced(stage) ? stage.name === wanted && isTarget(stage, stages, target) : standsOn(stage, wanted),
  );
  if (isWhole) return [everything];
  return [...reached].flatMap((stage) =>
    stage.steps.flatMap((step) => takenBy(step, (from) => isMeant(from, wanted, stage, stages))),
  );
}

function standsOn({ base, parent }: Stage, wanted: string): boolean {
  if (parent === "unknown") return true;
  return (parent?.name ?? (parent ? undefined : contextName(base))) === wanted;
}

/** What is exported is all of it. */
function isTarget(stage: Stage, stages: readonly Stage[], target: string | undefined): boolean {
  return target ? target.toLowerCase() === stage.name || Number(target) === stage.index : stage === stages.at(-1);
}

/** Whether a step's `from` means the context: a stage before it goes first, unless the context took its place. */
function isMeant(from: string, wanted: string, { index }: Stage, stages: readonly Stage[]): boolean {
  if (isHidden(from)) return true;
  if (/^\+?\d+$/.test(from)) return stages[Number(from)]?.name === wanted;
  const stage = stages.findLast((each) => each.index < index && each.name === from.toLowerCase());
  return (stage?.name ?? contextName(from)) === wanted;
}

function takenBy(step: Step, isFrom: (from: string) => boolean): Taken[] {
  const { instruction, expand } = step;
  if (instruction.keyword === "RUN")
    return mountsIn(instruction.flags, expand).some(({ from }) => from !== undefined && isFrom(from))
      ? [everything]
      : [];
  const from = instruction.keyword === "COPY" ? sourceNames(step)[0] : undefined;
  if (!from || !isFrom(from)) return [];
  const spansFolders = instruction.flags.some(
    ({ name, value }) => name === "parents" && value?.toLowerCase() !== "false",
  );
  return instruction.sources.map((word) => ({ ...copiedPath("COPY", expand(word.text), word), spansFolders }));
}
