import { cleanPath } from "../base/goText";
import type { TextRange } from "../base/textRange";
import { isPartlyUnknown, knownPrefix, unknownPart } from "./expandWord";
import type { Flag, Word } from "./instruction";
import { mountsIn } from "./mountOptions";
import { reachedStages } from "./reachedStages";
import { readDockerfile } from "./readDockerfile";
import type { StageOptions, ReadStages, Step } from "./stages";
import { isForeignSyntax, syntaxOf } from "./syntax";

/** Source that a Dockerfile takes from the build context. */
export interface CopySource {
  readonly keyword: "COPY" | "ADD" | "RUN";
  /**
   * Path with slashes, relative to the context; empty for the whole context, undefined if the Dockerfile alone does not
   * determine it.
   */
  readonly path?: string;
  /** Known beginning of an unknown path; empty if it may be any path. */
  readonly prefix?: string;
  /** Whether the path contains `*`, `?`, or `[`. */
  readonly isWildcard: boolean;
  /** Whether `**` matches any number of folders, as with `--parents`. */
  readonly spansFolders: boolean;
  /** Whether building the target reaches it; the classic builder builds every stage. */
  readonly isReached: boolean;
  /** Whether BuildKit requests it although no instruction uses it. */
  readonly isUnused?: boolean;
  /** Place of the source in the Dockerfile. */
  readonly range: TextRange;
  /** Number of the instruction in the Dockerfile, which distinguishes the sources of different instructions. */
  readonly instruction: number;
}

/** Source that an instruction takes, independent of its stage. */
export type Taken = Pick<
  CopySource,
  "keyword" | "path" | "prefix" | "isWildcard" | "spansFolders" | "isUnused" | "range"
>;

/**
 * Returns what a Dockerfile takes from its context: sources of COPY and ADD and bind mounts of RUN, including triggers
 * of its own stages, but not other stages and images, remote files and here-documents. If it can't be read as a whole,
 * or another frontend reads it, it may take everything.
 */
export function copySources(
  text: string,
  buildArgs: Readonly<Record<string, string>> = {},
  question: StageOptions = {},
): CopySource[] {
  const readings = readDockerfile(text, { ...question, buildArgs });
  if (!readings) return [anything];
  const found = withoutUnused(withoutRepeats(readings.flatMap((reading) => sourcesOf(reading, question.target))));
  return isForeignSyntax(syntaxOf(text, buildArgs)) ? [...found, anything] : found;
}

/** Merges sources that several platforms, or several stages through a trigger, have in common. */
function withoutRepeats(sources: readonly CopySource[]): CopySource[] {
  const found = new Map<string, CopySource>();
  for (const source of sources) {
    const { range, path, prefix } = source;
    const key = JSON.stringify([range.line, range.column, path, prefix]);
    if (source.isReached || !found.has(key)) found.set(key, source);
  }
  return [...found.values()];
}

/**
 * Drops unused sources if no instruction uses the context, which is not requested then, or if the whole context is used
 * anyway.
 */
function withoutUnused(sources: readonly CopySource[]): CopySource[] {
  const used = sources.filter(({ isReached, isUnused }) => isReached && !isUnused);
  return used.length === 0 || used.some(({ path }) => path === "")
    ? sources.filter(({ isUnused }) => !isUnused)
    : [...sources];
}

const anything: CopySource = {
  keyword: "COPY",
  prefix: "",
  isWildcard: false,
  spansFolders: false,
  isReached: true,
  range: { line: 1, column: 1, endLine: 1, endColumn: 1 },
  instruction: 1,
};

function sourcesOf({ stages, isCutShort }: ReadStages, target: string | undefined): CopySource[] {
  const reached = reachedStages(stages, target);
  const sources: CopySource[] = isCutShort ? [anything] : [];
  let instruction = 0;
  for (const stage of stages) {
    for (const step of stage.steps) {
      instruction++;
      for (const taken of takenBy(step)) sources.push({ ...taken, isReached: reached.has(stage), instruction });
    }
  }
  return sources;
}

/** Returns what a step takes from the build context. */
export function takenBy({ instruction, expand }: Step): Taken[] {
  const { keyword, flags } = instruction;
  if (keyword === "RUN") return mountSources(flags, expand);
  if ((keyword !== "COPY" && keyword !== "ADD") || instruction.flag("from")?.value) return [];
  const spansFolders = flags.some(({ name, value }) => name === "parents" && value?.toLowerCase() !== "false");
  return instruction.sources.flatMap((word) => {
    const path = expand(word.text);
    return keyword === "ADD" && isRemote(path) ? [] : [{ ...copiedPath(keyword, path, word), spansFolders }];
  });
}

/**
 * Returns the sources of mounts: `RUN --mount=type=bind,source=…` without `from` also takes from the context, and
 * without a source takes all of it.
 */
function mountSources(flags: readonly Flag[], expand: (word: string) => string): Taken[] {
  return mountsIn(flags, expand).flatMap(({ type, from, source, flag }) => {
    const place = { text: flag.value ?? "", range: flag.range };
    if (from !== undefined) return [];
    if (type === "bind" || type === unknownPart) return [{ ...copiedPath("RUN", source, place), isWildcard: false }];
    // BuildKit treats a tmpfs as a mount of the context here.
    return type === "tmpfs" ? [{ ...copiedPath("RUN", source, place), isWildcard: false, isUnused: true }] : [];
  });
}

/** Returns the path of an instruction's source, relative to the root of the place that it is copied from. */
export function copiedPath(keyword: Taken["keyword"], path: string, { range }: Word): Taken {
  const base = { keyword, spansFolders: false, range };
  if (isPartlyUnknown(path))
    return { ...base, path: undefined, prefix: prefixOf(knownPrefix(path)), isWildcard: false };
  return { ...base, path: cleanPath(`/${path}`).slice(1), isWildcard: /[*?[]/.test(path) };
}

/** Returns the known beginning of a path in the context, up to its first wildcard. */
function prefixOf(written: string): string {
  const wildcard = written.search(/[*?[\\]/);
  const literal = wildcard < 0 ? written : written.slice(0, wildcard);
  const name = literal.slice(literal.lastIndexOf("/") + 1);
  // The unknown rest may turn it into `.` or `..`.
  if (/^\.{1,2}$/.test(name)) return prefixOf(literal.slice(0, -name.length));
  const folder = cleanPath(`/${literal.slice(0, literal.length - name.length)}`).slice(1);
  return folder === "" ? name : `${folder}/${name}`;
}

/** Checks whether a path may be one of which only the beginning is known. The unknown rest may be empty. */
export function mayBeginWith(path: string, prefix: string): boolean {
  return path.startsWith(prefix) || `${path}/` === prefix;
}

/** Checks whether a source is remote. Text that only looks like a repository, such as `github.com/a/b`, is a path. */
function isRemote(word: string): boolean {
  return /^(?:https?|ssh|git):\/\//i.test(word) || /^[\w-]+@[\w.-]+:/.test(word);
}
