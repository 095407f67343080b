import * as vscode from "vscode";
import type { Evaluator } from "../../../core/context/evaluation/evaluator";
import type { EntryKind } from "../../../core/context/files/listDirectory";
import { listedPath, mayRead } from "../../platform/restricted";
import { withProgress } from "../../ui/progress";

/** Time in milliseconds before progress is shown. */
const patienceMs = 500;
/** Maximum number of paths read from a virtual file system, where each folder is a request. */
const maxVirtualPaths = 50_000;

/**
 * Reads all paths of a folder, with progress in the status bar if it takes long.
 *
 * @throws the file system's error if the folder can't be read; `NoPermissions` outside the workspace if it is not
 * trusted; the signal's reason
 */
export async function readFolder(uri: vscode.Uri, signal: AbortSignal): Promise<Evaluator> {
  if (!(await mayRead(uri))) throw vscode.FileSystemError.NoPermissions(uri);
  const [{ Evaluator }, { readPathTree, pathTreeOf }] = await Promise.all([
    import("../../../core/context/evaluation/evaluator"),
    import("../../../core/context/tree/readPathTree"),
  ]);
  return withLateProgress(
    vscode.l10n.t("Reading the files in {0}", vscode.workspace.asRelativePath(uri)),
    async (report) => {
      if (uri.scheme !== "file") return new Evaluator(await pathTreeOf(await listVirtual(uri, signal), signal));
      const onProgress = (paths: number): void => report(vscode.l10n.t("{0} paths", paths.toLocaleString()));
      return new Evaluator((await readPathTree(await listedPath(uri), { signal, onProgress })).tree);
    },
  );
}

async function withLateProgress<T>(title: string, work: (report: (message: string) => void) => Promise<T>): Promise<T> {
  let report = (_message: string): void => undefined;
  const result = work((message) => report(message));
  const timer = setTimeout(() => {
    void withProgress({ location: vscode.ProgressLocation.Window, title }, async (progress) => {
      report = (message) => progress.report({ message });
      await result.catch(() => undefined);
    });
  }, patienceMs);
  try {
    return await result;
  } finally {
    clearTimeout(timer);
  }
}

interface ListedPath {
  readonly path: string;
  readonly kind: EntryKind;
  readonly sizeBytes: number;
}

async function listVirtual(root: vscode.Uri, signal: AbortSignal): Promise<ListedPath[]> {
  const found: ListedPath[] = [];
  const pending = [""];
  for (let folder = pending.shift(); folder !== undefined; folder = pending.shift()) {
    signal.throwIfAborted();
    const listed = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(root, folder));
    const items = await Promise.all(
      listed.map(async ([name, type]) => virtualItem(root, folder ? `${folder}/${name}` : name, type)),
    );
    found.push(...items);
    pending.push(...items.filter(({ kind }) => kind === "directory").map(({ path }) => path));
    if (found.length > maxVirtualPaths)
      throw new vscode.FileSystemError(
        vscode.l10n.t("The folder contains more than {0} paths.", maxVirtualPaths.toLocaleString()),
      );
  }
  return found;
}

async function virtualItem(root: vscode.Uri, path: string, type: vscode.FileType): Promise<ListedPath> {
  if (type & vscode.FileType.SymbolicLink) return { path, kind: "symlink", sizeBytes: 0 };
  if (type & vscode.FileType.Directory) return { path, kind: "directory", sizeBytes: 0 };
  const { size } = await vscode.workspace.fs.stat(vscode.Uri.joinPath(root, path));
  return { path, kind: "file", sizeBytes: size };
}
