import { cleanPath } from "../../base/goText";
import { IgnoreList } from "../dockerignore/ignoreList";
import type { PathId } from "../tree/pathTree";
import type { LintState } from "../lint/state/lintState";
import { memoised } from "../../base/memoised";
import type { TreeView } from "../lint/state/treeView";
import { lineFor } from "../lint/state/lineFor";
import { commonPatterns, ecosystemsOf, type CommonPattern } from "../lint/state/commonPatterns";

/** Completion of a line in an ignore file. */
export interface Proposal {
  /** Text to insert, after the exclamation mark if there is one. */
  readonly text: string;
  readonly kind: "folder" | "file" | "pattern";
  /** Number of files that it would exclude or include. */
  readonly files: number;
  readonly bytes: number;
  /** Purpose of a pattern. */
  readonly what?: string;
}

/** Line that is being typed. */
export interface LineBeginning {
  /** Line number, from 1. */
  readonly line: number;
  readonly isException: boolean;
  /** Part of the path that has been typed. */
  readonly typed: string;
}

/** Maximum number of folders whose contents are proposed. */
const maxFolders = 200;
/** Number of paths per step. */
const stepSize = 1024;

/**
 * Proposes completions of a line: existing paths and, for lines that exclude, common patterns of the project's kinds.
 * Omits proposals without effect, evaluated as if the current line didn't exist.
 *
 * @throws the signal's reason when it is aborted
 */
export async function proposalsFor(
  state: LintState,
  { line, isException, typed }: LineBeginning,
  signal: AbortSignal,
): Promise<Proposal[]> {
  const view = state.view && (await withoutLine(state, state.view, line));
  if (!view) return [];
  const paths = await proposePaths(view, isException, typed);
  signal.throwIfAborted();
  const patterns = isException || /^[^*].*\//.test(typed) ? [] : await proposePatterns(view, signal);
  const known = new Set(paths.map(({ text }) => text));
  return [...paths, ...patterns.filter(({ text }) => !known.has(text))];
}

/** Reuses the view if the line has no effect yet, as most lines that are being typed. */
async function withoutLine(state: LintState, view: TreeView, line: number): Promise<TreeView> {
  const index = state.lines.findIndex((each) => each.line === line);
  const pattern = state.lines[index]?.pattern;
  const { lines } = await view.evaluate();
  return pattern && (pattern.exception || lines[index]?.flips !== 0) ? view.without(pattern) : view;
}

async function proposePaths(view: TreeView, isException: boolean, typed: string): Promise<Proposal[]> {
  const { tree } = view;
  const begun = typed.slice(0, typed.lastIndexOf("/") + 1);
  const folders = await foldersMeant(view, begun.replace(/^(\.?\/)+/, ""));
  const [evaluation, sent] = [await view.evaluate(), await view.sent()];
  return view.run(function* () {
    const found = new Map<string, { kind: "folder" | "file"; files: number; bytes: number }>();
    for (const folder of folders) {
      for (const id of tree.childrenOf(folder)) {
        yield;
        const goes = sent(id);
        const amount = isException
          ? { files: tree.filesOf(id) - goes.files, bytes: tree.bytesOf(id) - goes.bytes }
          : goes;
        const name = begun === "" ? lineFor(tree.nameOf(id)) : lineFor(`x${tree.nameOf(id)}`)?.slice(1);
        if (name === undefined || (isException ? amount.files === 0 : !evaluation.isSent(id))) continue;
        const { files, bytes } = found.get(name) ?? { files: 0, bytes: 0 };
        found.set(name, {
          kind: tree.isDirectory(id) ? "folder" : "file",
          files: files + amount.files,
          bytes: bytes + amount.bytes,
        });
      }
    }
    return [...found].map(([name, proposal]) => ({ text: begun + name, ...proposal }));
  });
}

/** Returns the folders that the text up to a slash matches. */
async function foldersMeant(view: TreeView, begun: string): Promise<readonly PathId[]> {
  const { tree } = view;
  if (begun === "") return [tree.root];
  const written = cleanPath(begun);
  const literal = tree.find(written);
  if (literal !== undefined) return [literal];
  if (!/[*?[\\]/.test(written) || written.includes("**")) return [];
  return (await view.matched(written)).filter((id) => tree.isDirectory(id)).slice(0, maxFolders);
}

async function proposePatterns(view: TreeView, signal: AbortSignal): Promise<Proposal[]> {
  const patterns = commonPatterns(await ecosystemsIn(view));
  signal.throwIfAborted();
  const amounts = await amountsOf(patterns, view);
  const list = new IgnoreList(view.patterns, view.builder);
  return patterns.flatMap(({ pattern, what }, index) => {
    const { files, bytes } = amounts[index] ?? nothing;
    const isWorth =
      files > 0 || (amounts[index] === undefined && !list.decide(list.root, exampleOf(pattern), false).excluded);
    return isWorth ? [{ text: pattern, kind: "pattern" as const, files, bytes, what }] : [];
  });
}

const nothing = { files: 0, bytes: 0 };
const noMatch: readonly number[] = [];

/** Returns a regular expression for the names that a common pattern matches. */
function nameSource(pattern: string): string {
  return pattern
    .slice("**/".length)
    .replace(/[.$+(){}|^]/g, "\\$&")
    .replace(/\*/g, ".*");
}

/**
 * Counts what is sent of each pattern's matches, in one pass over the names; undefined for patterns that match nothing.
 */
async function amountsOf(
  patterns: readonly CommonPattern[],
  view: TreeView,
): Promise<({ files: number; bytes: number } | undefined)[]> {
  const { tree } = view;
  const sent = await view.sent();
  const names = patterns.map(({ pattern }) => nameSource(pattern));
  const [any, each] = [new RegExp(`^(?:${names.join("|")})$`), names.map((source) => new RegExp(`^${source}$`))];
  const matching = memoised((name) =>
    any.test(name) ? each.flatMap((one, index) => (one.test(name) ? [index] : [])) : noMatch,
  );
  return view.run(function* () {
    const amounts: ({ files: number; bytes: number } | undefined)[] = [];
    let count = 0;
    for (const id of tree.ids()) {
      if (++count % stepSize === 0) yield;
      for (const index of matching(tree.nameOf(id))) {
        const amount = (amounts[index] ??= { files: 0, bytes: 0 });
        if (isBelow(id, (above) => matching(tree.nameOf(above)).includes(index))) continue;
        amount.files += sent(id).files;
        amount.bytes += sent(id).bytes;
      }
    }
    return amounts;
  });

  function isBelow(id: PathId, holds: (above: PathId) => boolean): boolean {
    for (let above = tree.parentOf(id); above !== tree.root; above = tree.parentOf(above))
      if (holds(above)) return true;
    return false;
  }
}

/** Returns the indexes of the ecosystems that the sent files indicate. */
async function ecosystemsIn(view: TreeView): Promise<Set<number>> {
  const { tree } = view;
  const evaluation = await view.evaluate();
  const signs = memoised(ecosystemsOf);
  return view.run(function* () {
    const found = new Set<number>();
    let count = 0;
    for (const id of tree.ids()) {
      if (evaluation.isSent(id)) for (const index of signs(tree.nameOf(id))) found.add(index);
      if (++count % stepSize === 0) yield;
    }
    return found;
  });
}

/** Returns a name that a pattern matches. */
function exampleOf(pattern: string): string {
  return pattern
    .replace(/^\*\*\//, "")
    .replace(/\*/g, "x")
    .replace(/\[([^[\]])[^[\]]*\]/g, "$1");
}
