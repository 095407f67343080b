import { inSlices } from "../../base/batches";
import { checkRoom, EvaluationRoom } from "../tree/evaluationRoom";
import { LineMatches } from "../tree/lineMatches";
import { pushReversed, type PathId, type PathTree } from "../tree/pathTree";
import { Recall } from "../tree/recall";
import { rowsOf } from "../tree/rows";
import {
  compileDockerPyPattern,
  parseDockerPyPattern,
  PythonRegexpError,
  type DockerPyPattern,
} from "./dockerPyPattern";

/** Number of paths per step. */
const stepSize = 512;
/** Number of patterns whose matches are kept, and number of kept evaluations. */
const keptPatterns = 256;
const keptEvaluations = 4;

/** Contents of the archive that docker-py uploads. The daemon doesn't filter it again. */
export interface DockerPyEvaluation {
  /** Whether the archive contains the path itself. A directory is not included only because of its contents. */
  isSent(path: PathId): boolean;
  readonly sent: { readonly files: number; readonly bytes: number };
  /** Text of the first invalid pattern, which makes the build fail. */
  readonly failure?: string;
}

/**
 * Evaluates patterns as `exclude_paths` of docker-py does, which ZenML uses: case-insensitive, and a match of a parent
 * directory counts only if the directory is as deep as the pattern is long. Keeps the matches of each pattern until the
 * tree changes.
 *
 * @see https://github.com/docker/docker-py docker/utils/build.py
 */
export class DockerPyEvaluator {
  readonly #matches: Recall<LineMatches | PythonRegexpError>;
  readonly #evaluations: Recall<DockerPyEvaluation>;

  constructor(private readonly tree: PathTree) {
    this.#matches = new Recall(tree, () => keptPatterns);
    this.#evaluations = new Recall(tree, () => keptEvaluations);
  }

  /** Evaluates in slices of about 10 ms. @throws the signal's reason when it is aborted */
  evaluate(patterns: readonly string[], signal?: AbortSignal): Promise<DockerPyEvaluation> {
    const { tree } = this;
    const read = [...patterns, "!Dockerfile", "!.dockerignore"].flatMap(
      (pattern) => parseDockerPyPattern(pattern) ?? [],
    );
    let { revision } = tree;
    const begin = (): Generator<undefined, DockerPyEvaluation> => {
      revision = tree.revision;
      return this.#evaluate(read);
    };
    return inSlices(begin, signal, () => tree.revision !== revision);
  }

  /**
   * Skips patterns that match no path, except exceptions: docker-py uses their text to decide which directories to look
   * into.
   */
  *#evaluate(patterns: readonly DockerPyPattern[]): Generator<undefined, DockerPyEvaluation> {
    checkRoom(patterns.length, this.tree.idLimit);
    const lines: Line[] = [];
    for (const pattern of patterns) {
      const matches = yield* this.#matches.steps(pattern.text, () => matchesOf(this.tree, pattern));
      if (matches instanceof PythonRegexpError)
        return { isSent: () => false, sent: { files: 0, bytes: 0 }, failure: pattern.text };
      if (pattern.exception || !matches.paths.isEmpty) lines.push({ pattern, matches });
    }
    const key = JSON.stringify(lines.map(({ pattern: { exception, text } }) => [exception, text]));
    return yield* this.#evaluations.steps(key, () => walkTree(this.tree, lines));
  }
}

/** Evaluates once, without keeping matches. @throws the signal's reason when it is aborted */
export function evaluateAsDockerPy(
  patterns: readonly string[],
  tree: PathTree,
  signal?: AbortSignal,
): Promise<DockerPyEvaluation> {
  return new DockerPyEvaluator(tree).evaluate(patterns, signal);
}

interface Line {
  readonly pattern: DockerPyPattern;
  readonly matches: LineMatches;
}

function* matchesOf(tree: PathTree, pattern: DockerPyPattern): Generator<undefined, LineMatches | PythonRegexpError> {
  try {
    const matches = new LineMatches(tree, compileDockerPyPattern(pattern), (name) => name.toLowerCase());
    yield* matches.update();
    return matches;
  } catch (error) {
    if (error instanceof PythonRegexpError) return error;
    throw error;
  }
}

function* walkTree(tree: PathTree, lines: readonly Line[]): Generator<undefined, DockerPyEvaluation> {
  const { byPath, rows } = yield* rowsOf(
    tree.idLimit,
    lines.map(({ matches }) => matches.paths),
    new EvaluationRoom(),
  );
  const walk = new DockerPyWalk(
    lines.map(({ pattern }) => pattern),
    tree,
  );
  const pending: PathId[] = [];
  pushReversed(pending, tree.childrenOf(tree.root));
  for (let id = pending.pop(), count = 1; id !== undefined; id = pending.pop(), count++) {
    if (walk.visit(id, rows[byPath[id] ?? 0] ?? [])) pushReversed(pending, tree.childrenOf(id));
    if (count % stepSize === 0) yield;
  }
  return walk;
}

class DockerPyWalk implements DockerPyEvaluation {
  readonly sent = { files: 0, bytes: 0 };
  readonly #exceptions: readonly string[];
  readonly #sent: Uint8Array;
  readonly #depths: Uint16Array;
  /** 1 + index of the last pattern that applies to everything in the directory, by path; 0 if none does. */
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

  /**
   * Records a path, given the indexes of the patterns that match it directly. Returns whether docker-py looks inside.
   */
  visit(id: PathId, matching: readonly number[]): boolean {
    const parent = this.tree.parentOf(id);
    const depth = (this.#depths[parent] ?? 0) + 1;
    const above = this.#inherited[parent] ?? 0;
    this.#depths[id] = depth;
    this.#inherited[id] = Math.max(
      above,
      1 + (matching.findLast((index) => this.patterns[index]?.depth === depth) ?? -1),
    );
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
