import { inSlices } from "../batches";
import { LineMatches } from "../evaluation/lineMatches";
import { pushReversed, type PathId, type PathTree } from "../evaluation/pathTree";
import { rowsOf } from "../evaluation/rows";
import { compileDockerPyPattern, parseDockerPyPattern, PythonRegexpError, type DockerPyPattern } from "./dockerPyPattern";

/** After how many paths a step ends. */
const stepSize = 512;

/** What docker-py puts into the archive that it uploads, of which no daemon leaves anything out any more. */
export interface DockerPyEvaluation {
  /** Whether the path itself is put into the archive; what leads to it is not for that. */
  isSent(path: PathId): boolean;
  readonly sent: { readonly files: number; readonly bytes: number };
  /** A pattern for which building fails. */
  readonly failure?: string;
}

/**
 * Evaluates patterns as docker-py's `exclude_paths` does, which is how ZenML builds: regardless of case, and with a directory
 * above a path counting only if it lies as deep as the pattern is long.
 *
 * @throws the signal's reason when it is aborted
 * @see https://github.com/docker/docker-py docker/utils/build.py
 */
export function evaluateAsDockerPy(patterns: readonly string[], tree: PathTree, signal?: AbortSignal): Promise<DockerPyEvaluation> {
  const read = [...patterns, "!Dockerfile", "!.dockerignore"].flatMap((pattern) => parseDockerPyPattern(pattern) ?? []);
  let { revision } = tree;
  const begin = (): Generator<undefined, DockerPyEvaluation> => {
    revision = tree.revision;
    return evaluate(read, tree);
  };
  return inSlices(begin, signal, () => tree.revision !== revision);
}

function* evaluate(patterns: readonly DockerPyPattern[], tree: PathTree): Generator<undefined, DockerPyEvaluation> {
  const lines: LineMatches[] = [];
  for (const pattern of patterns) {
    const line = linesOf(tree, pattern);
    if (!line) return { isSent: () => false, sent: { files: 0, bytes: 0 }, failure: pattern.text };
    yield* line.update();
    lines.push(line);
  }
  const { byPath, rows } = yield* rowsOf(tree.idLimit, lines.map(({ paths }) => paths));
  const walk = new DockerPyWalk(patterns, tree);
  const pending: PathId[] = [];
  pushReversed(pending, tree.childrenOf(tree.root));
  for (let id = pending.pop(), count = 1; id !== undefined; id = pending.pop(), count++) {
    if (walk.visit(id, rows[byPath[id] ?? 0] ?? [])) pushReversed(pending, tree.childrenOf(id));
    if (count % stepSize === 0) yield;
  }
  return walk;
}

function linesOf(tree: PathTree, pattern: DockerPyPattern): LineMatches | undefined {
  try {
    return new LineMatches(tree, compileDockerPyPattern(pattern), (name) => name.toLowerCase());
  } catch (error) {
    if (error instanceof PythonRegexpError) return undefined;
    throw error;
  }
}

class DockerPyWalk implements DockerPyEvaluation {
  readonly sent = { files: 0, bytes: 0 };
  readonly #exceptions: readonly string[];
  readonly #sent: Uint8Array;
  readonly #depths: Uint16Array;
  /** One more than the last pattern that applies to everything in a directory. */
  readonly #inherited: Uint32Array;

  constructor(
    private readonly patterns: readonly DockerPyPattern[],
    private readonly tree: PathTree,
  ) {
    this.#exceptions = patterns.filter(({ exception }) => exception).map(({ text }) => text);
    this.#sent = new Uint8Array(tree.idLimit);
    this.#depths = new Uint16Array(tree.idLimit);
    this.#inherited = new Uint32Array(tree.idLimit);
  }

  isSent(id: PathId): boolean {
    return this.#sent[id] === 1;
  }

  /** Takes note of a path, given the patterns that match it by itself; says whether docker-py looks into it. */
  visit(id: PathId, matching: readonly number[]): boolean {
    const parent = this.tree.parentOf(id);
    const depth = (this.#depths[parent] ?? 0) + 1;
    const above = this.#inherited[parent] ?? 0;
    this.#depths[id] = depth;
    this.#inherited[id] = Math.max(above, 1 + (matching.findLast((index) => this.patterns[index]?.depth === depth) ?? -1));
    const last = this.patterns[Math.max(above, 1 + (matching.at(-1) ?? -1)) - 1];
    if (!last || last.exception) this.#send(id);
    else if (!this.#exceptions.some((text) => text.startsWith(this.tree.pathOf(id)))) return false;
    return true;
  }

  #send(id: PathId): void {
    this.#sent[id] = 1;
    if (this.tree.isDirectory(id)) return;
    this.sent.files += this.tree.filesOf(id);
    this.sent.bytes += this.tree.bytesOf(id);
  }
}
