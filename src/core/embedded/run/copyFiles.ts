import { cleanPath } from "../../base/goText";
import { heredocMark } from "../../dockerfile/heredoc";
import type { Instruction } from "../../dockerfile/instruction";
import { addArchive, archiveIn } from "../copy/addArchive";
import { readChmod } from "../copy/chmod";
import { Copier, type CopyChanges } from "../copy/copier";
import { excludesOf } from "../copy/excludes";
import { findSources, type FoundSource } from "../copy/findSources";
import { findOwner } from "../copy/owner";
import { isRemote } from "../plan/checkInstruction";
import { ObstacleError } from "../plan/obstacle";
import type { StageVariables } from "../plan/variables";
import { justNow, type Leaf } from "../tree/node";
import { joinPath, type FileTree } from "../tree/fileTree";
import { openLeaf, readSmall } from "./readContent";

/** Source and destination of a COPY or ADD. */
export interface CopyPlace {
  readonly target: FileTree;
  /** Files to look up user names in; see `findOwner`. */
  readonly users: FileTree | undefined;
  /** The context, or what `--from` names. */
  readonly source: () => Promise<FileTree>;
  readonly variables: StageVariables;
  readonly workingDir: string;
  readonly signal: AbortSignal;
}

/** Values of an instruction, with variables replaced. */
interface Copy {
  readonly chown: string;
  readonly chmod: string;
  readonly sources: readonly string[];
  readonly destination: string;
  readonly documents: readonly Leaf[];
  readonly documentNames: readonly string[];
}

/**
 * Carries out a COPY or ADD.
 *
 * @returns what the history tells
 * @throws ObstacleError; TreeError; the fault of a file that cannot be read
 */
export async function copyFiles(instruction: Instruction, place: CopyPlace): Promise<string> {
  const copy = readCopy(instruction, place.variables);
  const { target, signal, workingDir } = place;
  const destination = absolutePath(copy.destination, workingDir);
  const excludes = instruction.flags.flatMap(({ name, value = "" }) => (name === "exclude" ? [value] : []));
  const mode = copy.chmod === "" ? undefined : readChmod(copy.chmod);
  if (copy.chmod !== "" && !mode) throw new ObstacleError("a value of --chmod that only BuildKit reads");
  const read = (leaf: Leaf): Promise<Buffer> => readSmall(leaf, signal);
  const owner = copy.chown === "" ? undefined : await findOwner(copy.chown, place.users, read);
  const changes: CopyChanges = { owner, mode, excludes: excludesOf(excludes) };
  const isUnpacking =
    instruction.keyword === "ADD" && (instruction.flag("unpack")?.value ?? "true").toLowerCase() === "true";
  for (const written of copy.sources) {
    for (const found of findSources(await place.source(), written)) {
      if (isUnpacking && (await unpack(found, destination, changes, place))) continue;
      new Copier(target, changes).copy(found.node, found.name, destination);
    }
  }
  copy.documents.forEach((leaf, i) => new Copier(target, changes).copy(leaf, copy.documentNames[i] ?? "", destination));
  return historyOf(instruction, copy);
}

async function unpack(
  { node, name }: FoundSource,
  destination: string,
  { owner }: CopyChanges,
  { target, signal }: CopyPlace,
): Promise<boolean> {
  if (node.kind === "directory") return false;
  if (node.fault) throw node.fault;
  const archive = await archiveIn(node, name, openLeaf, signal);
  if (archive) await addArchive(target, archive, destination, owner, signal);
  return archive !== undefined;
}

function readCopy(instruction: Instruction, variables: StageVariables): Copy {
  const { expand } = variables;
  const { words, sources: written } = instruction;
  const [chown, chmod] = ["chown", "chmod"].map((name) => expand(instruction.flag(name)?.value ?? ""));
  const sources = written.map(({ text }) => expand(text));
  if (sources.some(isRemote)) throw new ObstacleError(`${instruction.keyword} of a URL or repository`);
  const marks = instruction.json
    ? []
    : words.flatMap(({ text }) => {
        const mark = heredocMark(text);
        return mark ? [mark] : [];
      });
  const names = marks.map(({ name }) => name);
  if (names.some((name) => name === "." || name === ".." || /[/\0]/.test(name)))
    throw new ObstacleError("a here-document whose name is no file's");
  const documents = marks.map(({ name, expands }) => {
    // If several have the same name, the content of the last one applies to all.
    const text = instruction.documents.findLast((document) => document.name === name)?.text ?? "";
    return documentOf(expands ? variables.expandText(text) : text);
  });
  const destination = expand(words.at(-1)?.text ?? "");
  return { chown: chown ?? "", chmod: chmod ?? "", sources, destination, documents, documentNames: names };
}

function documentOf(text: string): Leaf {
  const bytes = Buffer.from(text);
  return {
    kind: "file",
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: justNow,
    sizeBytes: bytes.length,
    content: { kind: "bytes", bytes },
  };
}

function historyOf({ keyword }: Instruction, { chown, chmod, sources, documentNames, destination }: Copy): string {
  return [
    keyword,
    ...(chown === "" ? [] : [`--chown=${chown}`]),
    ...(chmod === "" ? [] : [`--chmod=${chmod}`]),
    ...sources,
    ...documentNames.map((name) => `<<${name}`),
    destination,
    "# buildkit",
  ].join(" ");
}

/** Returns a destination from the root on; one that ends in a slash, or in `/.`, is a folder and keeps its end. */
function absolutePath(path: string, workingDir: string): string {
  if (path.startsWith("/")) return path;
  const relative = path === "." || path === "" ? "./" : path;
  const joined = joinPath(cleanPath(`/${workingDir}`), "");
  const clean = cleanPath(`${joined}/${relative}`);
  return /\/\.?$/.test(relative) && clean !== "/" ? `${clean}/` : clean;
}
