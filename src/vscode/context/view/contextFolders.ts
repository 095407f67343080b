import { posix } from "node:path";
import * as vscode from "vscode";
import { dockerfileGlobs, isDockerfileName } from "../../../core/dockerfile/dockerfileName";
import { setContext } from "../../platform/contextKeys";
import { isIgnoreFile } from "../../platform/fileKinds";
import { listAllowed, type FolderEntry } from "../../platform/restricted";
import { throttle } from "../../ui/throttle";

const glob = `**/{${dockerfileGlobs},*.{docker,container}ignore,.{docker,container}ignore}`;
const excluded = "**/{node_modules,.git}/**";
const mostFiles = 200;
const mostFolders = 1_000;
const updateIntervalMs = 1_000;

/**
 * Tells the menus which folders are part of a build context, because a `when` clause can't search the folders above a
 * file. If each workspace folder is a build context itself, nothing below it is listed.
 */
export class ContextFolders implements vscode.Disposable {
  readonly #subscriptions: vscode.Disposable;
  #asked = {};

  constructor(private readonly warn: (error: unknown) => void) {
    const update = throttle(updateIntervalMs, () => void this.#update().catch(this.warn));
    const watcher = vscode.workspace.createFileSystemWatcher(glob, false, true, false);
    this.#subscriptions = vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(update),
      watcher.onDidDelete(update),
      vscode.workspace.onDidChangeWorkspaceFolders(update),
      vscode.workspace.onDidGrantWorkspaceTrust(() => update(undefined)),
    );
    update(undefined);
  }

  dispose(): void {
    this.#asked = {};
    this.#subscriptions.dispose();
  }

  async #update(): Promise<void> {
    const question = (this.#asked = {});
    const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
    const isContext = await Promise.all(roots.map(async (root) => (await listAllowed(root)).some(isSign)));
    const isAllContext = roots.length > 0 && isContext.every(Boolean);
    const folders = isAllContext ? [] : await foldersBelow(await contextsIn());
    if (this.#asked !== question) return;
    await setContext("isAllContext", isAllContext);
    await setContext("contextFolders", Object.fromEntries(folders.map(({ fsPath }) => [fsPath, true])));
  }
}

/** Whether a Dockerfile or an ignore file makes its folder a build context. */
function isSign([name, type]: FolderEntry): boolean {
  if (type & vscode.FileType.Directory) return false;
  return isDockerfileName(name) || isIgnoreFile(vscode.Uri.from({ scheme: "file", path: `/${name}` }));
}

async function contextsIn(): Promise<vscode.Uri[]> {
  const files = await vscode.workspace.findFiles(glob, excluded, mostFiles);
  return files
    .filter((file) => isSign([posix.basename(file.path), vscode.FileType.File]))
    .map((file) => vscode.Uri.joinPath(file, ".."));
}

/** Returns the folders and those below them, the nearest first, at most 1,000. Links are not followed. */
async function foldersBelow(folders: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const found = new Map(folders.map((folder) => [folder.toString(), folder]));
  for (const folder of found.values()) {
    if (found.size >= mostFolders) break;
    for (const [name, type] of await listAllowed(folder)) {
      if (type !== vscode.FileType.Directory || name === "node_modules" || name === ".git") continue;
      const below = vscode.Uri.joinPath(folder, name);
      found.set(below.toString(), below);
    }
  }
  return [...found.values()].slice(0, mostFolders);
}
