import { posix } from "node:path";
import * as vscode from "vscode";
import { isSpecFile } from "../../platform/fileKinds";
import { isSpecModule, specPattern } from "./specFiles";

const settleMs = 300;

/** The image specs of the workspace, found when somebody first asks, and what changes them. */
export class ImageSpecs implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri | undefined>();
  /** Tells of a spec that may mean something else now, or of nothing where any may, or where specs came or went. */
  readonly onDidChange = this.#changed.event;
  #watching: vscode.Disposable | undefined;
  #found: Promise<readonly vscode.Uri[]> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** By path. */
  async list(): Promise<readonly vscode.Uri[]> {
    this.#watching ??= this.#watch();
    this.#found ??= Promise.resolve(vscode.workspace.findFiles(specPattern, "**/node_modules/**")).then((found) =>
      found.sort((a, b) => (a.path < b.path ? -1 : 1)),
    );
    return this.#found;
  }

  /** Has everybody look anew at a spec, or at all. */
  refresh(spec?: vscode.Uri): void {
    if (!spec) this.#found = undefined;
    this.#changed.fire(spec);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watching?.dispose();
    this.#changed.dispose();
  }

  #watch(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(specPattern);
    return vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(() => this.refresh()),
      watcher.onDidDelete(() => this.refresh()),
      watcher.onDidChange((spec) => this.#changed.fire(spec)),
      vscode.workspace.onDidChangeTextDocument(
        ({ document, contentChanges }) =>
          contentChanges.length > 0 && isTyped(document.uri) && this.#changed.fire(document.uri),
      ),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => void this.#savedBeside(uri)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
    );
  }

  /** An image is made of what lies beside its spec, too. */
  async #savedBeside(saved: vscode.Uri): Promise<void> {
    if (isSpecFile(saved)) return;
    // A watcher may tell late, or never, of a new spec; the open ones are known all the same.
    const open = vscode.workspace.textDocuments.map(({ uri }) => uri).filter(isSpecFile);
    const specs = new Map([...(await this.list()), ...open].map((spec) => [spec.toString(), spec]));
    const concerned = [...specs.values()].filter((spec) => saved.path.startsWith(`${posix.dirname(spec.path)}/`));
    if (concerned.length === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => concerned.forEach((spec) => this.#changed.fire(spec)), settleMs);
  }
}

/** A module means something else only once it is saved. */
function isTyped(uri: vscode.Uri): boolean {
  return isSpecFile(uri) && !isSpecModule(uri);
}

/** Holds the extension's `ImageSpecs`. */
export interface WithImages {
  readonly images: ImageSpecs;
}
