import type { CopySource } from "../../dockerfile/copySources";
import type { PathId, PathTree } from "../tree/pathTree";
import type { WrittenLine } from "../lint/state/ignoreText";
import type { LintState } from "../lint/state/lintState";
import { stoppingLine } from "../lint/state/stoppingLine";
import { sourceMatcher } from "../lint/state/takenPaths";
import type { Amount } from "./lineFacts";

/** Why a file or folder is sent to the builder, or is not. */
export interface PathFacts {
  readonly isDirectory: boolean;
  /** What neither builder sends, whatever the ignore file says. */
  readonly isUnsendable: boolean;
  readonly isSent: boolean;
  /** All that is at and below the path, and what of that is sent. */
  readonly total: Amount;
  readonly sent: Amount;
  /** The line that decided; nothing where none applies. */
  readonly decider?: WrittenLine;
  /** The path at which it decided: this one or a folder above. */
  readonly decidedAt?: string;
  /** Whether it is let in because it is always included. */
  readonly isAlwaysIncluded: boolean;
  /** The line that keeps BuildKit from opening the file, which `docker build` therefore sends empty. */
  readonly emptiedBy?: WrittenLine;
  /** The number of the line at which builds with this ignore file stop, so that nothing is sent at all. */
  readonly stopsAt?: number;
  /** The instructions that copy it, or something in it. */
  readonly copies: readonly PathCopy[];
}

/** An instruction that takes a path out of the context. */
export interface PathCopy {
  /** Slash-separated, relative to the context's root. */
  readonly dockerfile: string;
  readonly source: CopySource;
  /** Whether only a part of the folder is taken. */
  readonly isPart: boolean;
}

/** Why a path is sent or not; nothing without a tree, and for what is not in it. */
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
