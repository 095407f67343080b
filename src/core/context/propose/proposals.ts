import { cleanPath } from "../../base/goText";
import { IgnoreList } from "../dockerignore/ignoreList";
import type { PathId } from "../tree/pathTree";
import type { LintState } from "../lint/state/lintState";
import { memoised } from "../../base/memoised";
import type { TreeView } from "../lint/state/treeView";
import { lineFor } from "../lint/state/lineFor";
import { commonPatterns, ecosystemsOf, type CommonPattern } from "../lint/state/commonPatterns";

/** Something that a line may go on with. */
export interface Proposal {
  /** What to write after the exclamation mark, if there is one. */
  readonly text: string;
  readonly kind: "folder" | "file" | "pattern";
  /** What it would keep out, or let back in. */
  readonly files: number;
  readonly bytes: number;
  /** What a pattern is good for. */
  readonly what?: string;
}

/** How a line begins. */
export interface LineBeginning {
  /** Counted from 1. */
  readonly line: number;
  readonly isException: boolean;
  /** What is written of the path. */
  readonly typed: string;
}

/** In more folders than that nobody looks for one by its name. */
const maxFolders = 200;
/** After how many paths a step ends. */
const stepSize = 1024;

/**
 * What a line may go on with: paths that are there and, for lines that keep out, what projects of this kind keep out.
 * Nothing that would change nothing is proposed, leaving aside what the line says now.
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

/** Most lines that are being written have no effect yet. */
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

/** The folders that what is written up to a slash stands for. */
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

/** The names that one of the common patterns matches, as a regular expression. */
function nameSource(pattern: string): string {
  return pattern
    .slice("**/".length)
    .replace(/[.$+(){}|^]/g, "\\$&")
    .replace(/\*/g, ".*");
}

/** What is sent of what each pattern matches, in one pass over the names; nothing for those that match nothing. */
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

/** What kinds of projects the files that are sent are signs of. */
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

/** A name that a pattern matches. */
function exampleOf(pattern: string): string {
  return pattern
    .replace(/^\*\*\//, "")
    .replace(/\*/g, "x")
    .replace(/\[([^[\]])[^[\]]*\]/g, "$1");
}
