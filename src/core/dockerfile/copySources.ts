import { Add, Copy, type Flag, type From, type Instruction, type Run } from "dockerfile-ast";
import { cleanPath } from "../context/dockerignore/goText";
import type { TextRange } from "../textRange";
import { parseDockerfile } from "./parseDockerfile";
import { reachedStages, splitStages } from "./stages";

/** Something that a Dockerfile takes out of the build context. */
export interface CopySource {
  readonly keyword: "COPY" | "ADD" | "RUN";
  /** Slash-separated, relative to the context; empty for all of it, nothing where it depends on what the Dockerfile does not tell. */
  readonly path?: string;
  /** Whether the path holds `*`, `?` or `[`. */
  readonly isWildcard: boolean;
  /** Whether `**` stands for any number of folders, as with `--parents`. */
  readonly spansFolders: boolean;
  /** Whether building the last stage gets here; the classic builder goes through every stage. */
  readonly isReached: boolean;
  /** Where the source is written. */
  readonly range: TextRange;
  /** Counts the Dockerfile's instructions, so that the sources of one can be told from those of the next. */
  readonly instruction: number;
}

/**
 * What a Dockerfile takes out of its context: sources of COPY and ADD and bind mounts of RUN. Left out are other stages and images,
 * remote files, here-documents and ONBUILD. One that is too long to be read counts as taking all of it.
 */
export function copySources(text: string, buildArgs: Readonly<Record<string, string>> = {}): CopySource[] {
  const dockerfile = parseDockerfile(text);
  if (!dockerfile) return [anything];
  const lines = text.split("\n");
  const stages = splitStages(dockerfile, buildArgs);
  const reached = reachedStages(stages);
  const sources: CopySource[] = [];
  let count = 0;
  for (const stage of stages) {
    for (const { instruction, expand } of stage.steps) {
      count++;
      const flags = flagsOf(instruction);
      const spansFolders = flags.some((flag) => flag.getName() === "parents");
      for (const { word, range } of sourceWords(instruction, flags, lines)) {
        const path = expand(word);
        if (isRemote(instruction, path ?? word)) continue;
        sources.push({
          keyword: instruction instanceof Copy ? "COPY" : instruction instanceof Add ? "ADD" : "RUN",
          path: path === undefined ? undefined : cleanPath(`/${path}`).slice(1),
          isWildcard: instruction.getKeyword() !== "RUN" && /[*?[]/.test(path ?? ""),
          spansFolders,
          isReached: reached.has(stage),
          range,
          instruction: count,
        });
      }
    }
  }
  return sources;
}

const anything: CopySource = {
  keyword: "COPY",
  isWildcard: false,
  spansFolders: false,
  isReached: true,
  range: { line: 1, column: 1, endLine: 1, endColumn: 1 },
  instruction: 1,
};

interface Word {
  readonly word: string;
  readonly range: TextRange;
}

function sourceWords(instruction: Instruction, flags: readonly Flag[], lines: readonly string[]): Word[] {
  if (instruction.getKeyword() === "RUN") return mountSources(flags);
  if (!(instruction instanceof Copy || instruction instanceof Add) || flags.some((flag) => flag.getName() === "from")) return [];
  const strings = instruction.getJSONStrings();
  const json = strings.flatMap((part): Word[] => {
    const range = rangeOf(part.getRange());
    const word = jsonText(lines[range.line - 1]?.slice(range.column - 1, range.endColumn - 1));
    return word === undefined ? [] : [{ word, range }];
  });
  if (json.length > 0 && json.length === strings.length) return json.slice(0, -1);
  const documents = instruction instanceof Copy ? instruction.getHeredocs() : [];
  const bodies = documents.map((document) => (document.getContentRange() ?? document.getDelimiterRange())?.start.line ?? Infinity);
  const firstBody = bodies.reduce((first, line) => Math.min(first, line), Infinity);
  const words = instruction.getArguments().map((argument) => ({ word: argument.getValue(), range: rangeOf(argument.getRange()) }));
  const header = words.filter(({ range }) => range.line - 1 < firstBody);
  return header.slice(0, -1).filter(({ word }) => !word.startsWith("<<"));
}

/** `RUN --mount=type=bind,source=…` without `from` takes from the context too: all of it where no source is named. */
function mountSources(flags: readonly Flag[]): Word[] {
  return flags.flatMap((flag) => {
    const options = new Map((flag.getValue() ?? "").split(",").map(keyAndValue));
    const source = (options.get("source") ?? options.get("src")) || ".";
    const isOurs = flag.getName() === "mount" && (options.get("type") ?? "bind") === "bind" && !options.has("from");
    return isOurs ? [{ word: source, range: rangeOf(flag.getRange()) }] : [];
  });
}

function keyAndValue(option: string): [string, string] {
  const at = option.indexOf("=");
  return at < 0 ? [option, ""] : [option.slice(0, at), option.slice(at + 1)];
}

function flagsOf(instruction: Instruction) {
  return "getFlags" in instruction ? (instruction as Copy | Run | From).getFlags() : [];
}

function isRemote(instruction: Instruction, word: string): boolean {
  return instruction instanceof Add && /^(?:[a-z]+:\/\/|git@|github\.com\/)/i.test(word);
}

function jsonText(text = ""): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    // Docker, too, takes what is not JSON for plain words.
    return undefined;
  }
}

function rangeOf({ start, end }: { start: { line: number; character: number }; end: { line: number; character: number } }): TextRange {
  return { line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
}
