import { cleanPath } from "../dockerignore/goText";
import { IgnoreList } from "../dockerignore/ignoreList";
import type { PathId } from "../evaluation/pathTree";
import type { LintState } from "../lint/lintState";
import { memoised } from "../lint/memoised";
import type { TreeView } from "../lint/treeView";
import { lineFor } from "../overview/lineFor";
import { commonPatterns, ecosystemCount, ecosystemsOf } from "./commonPatterns";

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

/**
 * What a line may go on with: paths that are there and, for lines that keep out, what projects of this kind keep out. Nothing that
 * would change nothing is proposed, leaving aside what the line says now.
 */
export async function proposalsFor(state: LintState, { line, isException, typed }: LineBeginning, signal: AbortSignal): Promise<Proposal[]> {
  const current = state.lines.find((each) => each.line === line);
  const view = current ? state.view?.without(current.pattern) : state.view;
  if (!view) return [];
  const paths = await proposePaths(view, isException, typed);
  signal.throwIfAborted();
  const patterns = isException || /^[^*].*\//.test(typed) ? [] : await proposePatterns(view, signal);
  const known = new Set(paths.map(({ text }) => text));
  return [...paths, ...patterns.filter(({ text }) => !known.has(text))];
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
        const amount = isException ? { files: tree.filesOf(id) - goes.files, bytes: tree.bytesOf(id) - goes.bytes } : goes;
        const name = begun === "" ? lineFor(tree.nameOf(id)) : lineFor(`x${tree.nameOf(id)}`)?.slice(1);
        if (name === undefined || (isException ? amount.files === 0 : !evaluation.isSent(id))) continue;
        const { files, bytes } = found.get(name) ?? { files: 0, bytes: 0 };
        found.set(name, { kind: tree.isDirectory(id) ? "folder" : "file", files: files + amount.files, bytes: bytes + amount.bytes });
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
  const [found, sent] = [await ecosystemsIn(view), await view.sent()];
  const list = new IgnoreList(view.patterns, view.builder);
  const proposals: Proposal[] = [];
  for (const { pattern, what } of commonPatterns(found)) {
    const ids = await view.matched(pattern);
    signal.throwIfAborted();
    const files = ids.reduce((sum, id) => sum + sent(id).files, 0);
    const bytes = ids.reduce((sum, id) => sum + sent(id).bytes, 0);
    if (files > 0 || (ids.length === 0 && !isKeptOut(list, exampleOf(pattern)))) proposals.push({ text: pattern, kind: "pattern", files, bytes, what });
  }
  return proposals;
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
      if (found.size === ecosystemCount) break;
      if (++count % 1024 === 0) yield;
    }
    return found;
  });
}

function exampleOf(pattern: string): string {
  return pattern.replace(/^\*\*\//, "").replace(/\*/g, "x").replace(/\[(.).*?\]/g, "$1");
}

function isKeptOut(list: IgnoreList, path: string): boolean {
  let scope = list.root;
  const names = path.split("/");
  for (const [index, name] of names.entries()) {
    const verdict = list.decide(scope, name, index < names.length - 1);
    if (!verdict.inside) return verdict.excluded;
    scope = verdict.inside;
  }
  return false;
}
