import type { CopySource } from "../../dockerfile/copySources";
import type { PathId, PathTree } from "../tree/pathTree";
import type { WrittenLine } from "../lint/state/ignoreText";
import type { LintState } from "../lint/state/lintState";
import { stoppingLine } from "../lint/state/stoppingLine";
import { sourceMatcher } from "../lint/state/takenPaths";
import type { Amount } from "./lineFacts";

/** Reasons why a file or folder is sent to the builder or not. */
export interface PathFacts {
  readonly isDirectory: boolean;
  /** Whether neither builder ever sends it: sockets and devices. */
  readonly isUnsendable: boolean;
  readonly isSent: boolean;
  /** Totals at and below the path, and the part of them that is sent. */
  readonly total: Amount;
  readonly sent: Amount;
  /** Rule that decided; undefined if no rule of the file applies. */
  readonly decider?: WrittenLine;
  /** Path where the rule decided: this path or a folder above it. */
  readonly decidedAt?: string;
  /** Whether it is included because it is always included. */
  readonly isAlwaysIncluded: boolean;
  /** Rule that keeps BuildKit from opening the file, so `docker build` sends it empty. */
  readonly emptiedBy?: WrittenLine;
  /** Number of the line that makes builds with this ignore file fail, so nothing is sent. */
  readonly stopsAt?: number;
  /** Instructions that copy the path or something in it. */
  readonly copies: readonly PathCopy[];
}

/** Instruction that copies a path from the build context. */
export interface PathCopy {
  /** Path relative to the context's root, with slashes. */
  readonly dockerfile: string;
  readonly source: CopySource;
  /** Whether only a part of the folder is copied. */
  readonly isPart: boolean;
}

/** Explains why a path is sent or not; returns undefined without a tree, and for a path that is not in the tree. */
export async function factsOfPath(state: LintState, path: string): Promise<PathFacts | undefined> {
  const { view } = state;
  const id = view?.tree.find(path);
  if (!view || id === undefined) return undefined;
  const { tree } = view;
  const evaluation = await view.evaluate();
  const index = evaluation.decidedBy(id);
  const at = evaluation.decidedAt(id);
  const isEmptied = evaluation.emptied.includes(id);
  const opening = isEmptied ? (await view.evaluate({ rule: "lastMatch" })).decidedBy(id) : undefined;
  const sent = (await view.sent())(id);
  return {
    isDirectory: tree.isDirectory(id),
    isUnsendable: ["socket", "device"].includes(tree.kindOf(id)),
    isSent: id === tree.root || evaluation.isSent(id),
    total: { files: tree.filesOf(id), bytes: tree.bytesOf(id) },
    sent: id === tree.root ? evaluation.sent : { files: sent.files, bytes: sent.bytes },
    decider: state.lineAt(index),
    decidedAt: at === undefined ? undefined : tree.pathOf(at),
    isAlwaysIncluded: index !== undefined && index >= state.lines.length,
    emptiedBy: state.lineAt(opening),
    stopsAt: await stoppingLine(state),
    copies: state.subject.dockerfiles.flatMap(({ file, sources }) => copiesOf(path, id, tree, file, sources)),
  };
}

function copiesOf(
  path: string,
  id: PathId,
  tree: PathTree,
  dockerfile: string,
  sources: readonly CopySource[],
): PathCopy[] {
  return sources.flatMap((source): PathCopy[] => {
    if (source.path === undefined || source.isUnused) return [];
    const takes = takerOf(source);
    for (let at = id; ; at = tree.parentOf(at)) {
      if (takes(tree.pathOf(at))) return [{ dockerfile, source, isPart: false }];
      if (at === tree.root) break;
    }
    return isInside(source, path) ? [{ dockerfile, source, isPart: true }] : [];
  });
}

function takerOf(source: CopySource): (path: string) => boolean {
  if (source.path === "") return (path) => path === "";
  return source.isWildcard ? sourceMatcher(source) : (path) => path === source.path;
}

/** Whether a source can match something in a folder: compares the folder with as many of the source's names. */
function isInside(source: CopySource, folder: string): boolean {
  if (folder === "") return true;
  const names = (source.path ?? "").split("/");
  const folders = folder.split("/");
  const anyDepth = source.spansFolders ? names.indexOf("**") : -1;
  const spansFolder = anyDepth >= 0 && anyDepth < folders.length;
  if (!spansFolder && names.length <= folders.length) return false;
  const depth = spansFolder ? anyDepth : folders.length;
  if (depth === 0) return true;
  return takerOf({ ...source, path: names.slice(0, depth).join("/") })(folders.slice(0, depth).join("/"));
}
