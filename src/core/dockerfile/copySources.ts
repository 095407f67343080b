import { cleanPath } from "../base/goText";
import type { TextRange } from "../base/textRange";
import { isPartlyUnknown, knownPrefix, unknownPart } from "./expandWord";
import type { Flag, Word } from "./instruction";
import { mountsIn } from "./mountOptions";
import { reachedStages } from "./reachedStages";
import { readDockerfile } from "./readDockerfile";
import type { BuildQuestion, ReadStages, Step } from "./stages";
import { isForeignSyntax, syntaxOf } from "./syntax";

/** Something that a Dockerfile takes out of the build context. */
export interface CopySource {
  readonly keyword: "COPY" | "ADD" | "RUN";
  /**
   * Slash-separated, relative to the context; empty for all of it, nothing where it depends on what the Dockerfile does
   * not tell.
   */
  readonly path?: string;
  /** With what the path begins where it is not known; empty where it may be any. */
  readonly prefix?: string;
  /** Whether the path holds `*`, `?` or `[`. */
  readonly isWildcard: boolean;
  /** Whether `**` stands for any number of folders, as with `--parents`. */
  readonly spansFolders: boolean;
  /** Whether building the target gets here; the classic builder goes through every stage. */
  readonly isReached: boolean;
  /** Whether BuildKit asks for it though no instruction gets it. */
  readonly isUnused?: boolean;
  /** Where the source is written. */
  readonly range: TextRange;
  /** Counts the Dockerfile's instructions, so that the sources of one can be told from those of the next. */
  readonly instruction: number;
}

/** What an instruction takes. */
export type Taken = Pick<
  CopySource,
  "keyword" | "path" | "prefix" | "isWildcard" | "spansFolders" | "isUnused" | "range"
>;

/**
 * What a Dockerfile takes out of its context: sources of COPY and ADD and bind mounts of RUN, triggers of its own
 * stages included. Left out are other stages and images, remote files and here-documents. One that cannot be read
 * whole, or that another frontend reads, counts as taking all of it.
 */
export function copySources(
  text: string,
  buildArgs: Readonly<Record<string, string>> = {},
  question: BuildQuestion = {},
): CopySource[] {
  const readings = readDockerfile(text, { ...question, buildArgs });
  if (!readings) return [anything];
  const found = withoutUnused(withoutRepeats(readings.flatMap((reading) => sourcesOf(reading, question.target))));
  return isForeignSyntax(syntaxOf(text, buildArgs)) ? [...found, anything] : found;
}

/** What several platforms, or several stages by a trigger, take alike is told once. */
function withoutRepeats(sources: readonly CopySource[]): CopySource[] {
  const found = new Map<string, CopySource>();
  for (const source of sources) {
    const { range, path, prefix } = source;
    const key = JSON.stringify([range.line, range.column, path, prefix]);
    if (source.isReached || !found.has(key)) found.set(key, source);
  }
  return [...found.values()];
}

/** A context that no instruction takes from is not asked for, and one that is taken as a whole is no larger. */
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

function takenBy({ instruction, expand }: Step): Taken[] {
  const { keyword, flags } = instruction;
  if (keyword === "RUN") return mountSources(flags, expand);
  if ((keyword !== "COPY" && keyword !== "ADD") || instruction.flag("from")?.value) return [];
  const spansFolders = flags.some(({ name, value }) => name === "parents" && value?.toLowerCase() !== "false");
  return instruction.sources.flatMap((word) => {
    const path = expand(word.text);
    return keyword === "ADD" && isRemote(path) ? [] : [{ ...copiedPath(keyword, path, word), spansFolders }];
  });
}

/** `RUN --mount=type=bind,source=…` without `from` takes from the context too: all of it where no source is named. */
function mountSources(flags: readonly Flag[], expand: (word: string) => string): Taken[] {
  return mountsIn(flags, expand).flatMap(({ type, from, source, flag }) => {
    const place = { text: flag.value ?? "", range: flag.range };
    if (from !== undefined) return [];
    if (type === "bind" || type === unknownPart) return [{ ...copiedPath("RUN", source, place), isWildcard: false }];
    // BuildKit takes a tmpfs for a mount of the context here.
    return type === "tmpfs" ? [{ ...copiedPath("RUN", source, place), isWildcard: false, isUnused: true }] : [];
  });
}

/** A path as an instruction names it, relative to the root of what it is copied from. */
export function copiedPath(keyword: Taken["keyword"], path: string, { range }: Word): Taken {
  const base = { keyword, spansFolders: false, range };
  if (isPartlyUnknown(path))
    return { ...base, path: undefined, prefix: prefixOf(knownPrefix(path)), isWildcard: false };
  return { ...base, path: cleanPath(`/${path}`).slice(1), isWildcard: /[*?[]/.test(path) };
}

/** The known beginning of a path as it is in the context, up to its first wildcard. */
function prefixOf(written: string): string {
  const wildcard = written.search(/[*?[\\]/);
  const literal = wildcard < 0 ? written : written.slice(0, wildcard);
  const name = literal.slice(literal.lastIndexOf("/") + 1);
  // It may go on to `.` or `..`.
  if (/^\.{1,2}$/.test(name)) return prefixOf(literal.slice(0, -name.length));
  const folder = cleanPath(`/${literal.slice(0, literal.length - name.length)}`).slice(1);
  return folder === "" ? name : `${folder}/${name}`;
}

/** Whether a path may be one of which only the beginning is known. What is unknown may also be nothing. */
export function mayBeginWith(path: string, prefix: string): boolean {
  return path.startsWith(prefix) || `${path}/` === prefix;
}

/** What only looks like a repository, such as `github.com/a/b`, is a path. */
function isRemote(word: string): boolean {
  return /^(?:https?|ssh|git):\/\//i.test(word) || /^[\w-]+@[\w.-]+:/.test(word);
}
