import { posix } from "node:path";
import * as vscode from "vscode";
import { isSpecFile } from "../../platform/fileKinds";
import { isSpecModule, specPattern } from "./specFiles";

const settleMs = 300;

/** Maximum number of specs that are listed: each is planned, and its registry is asked, once the view shows it. */
export const mostSpecs = 200;

/** Image specs of the workspace, searched for and watched from the first `list` on. */
export class ImageSpecs implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri | undefined>();
  /**
   * Fires with a spec that may have changed; with undefined if any spec may have changed, or specs were added or
   * removed.
   */
  readonly onDidChange = this.#changed.event;
  #watching: vscode.Disposable | undefined;
  #found: Promise<readonly vscode.Uri[]> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Returns at most 200 specs, sorted by path. */
  async list(): Promise<readonly vscode.Uri[]> {
    this.#watching ??= this.#watch();
    this.#found ??= Promise.resolve(vscode.workspace.findFiles(specPattern, "**/node_modules/**", mostSpecs)).then(
      (found) => found.sort((a, b) => (a.path < b.path ? -1 : 1)),
    );
    return this.#found;
  }

  /** Fires `onDidChange` for one spec, or for all after searching again. */
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

  /** Files next to and below a spec can be part of its image. */
  async #savedBeside(saved: vscode.Uri): Promise<void> {
    if (isSpecFile(saved)) return;
    // A watcher may report a new spec late or never, so open specs are included.
    const open = vscode.workspace.textDocuments.map(({ uri }) => uri).filter(isSpecFile);
    const specs = new Map([...(await this.list()), ...open].map((spec) => [spec.toString(), spec]));
    const concerned = [...specs.values()].filter((spec) => saved.path.startsWith(`${posix.dirname(spec.path)}/`));
    if (concerned.length === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => concerned.forEach((spec) => this.#changed.fire(spec)), settleMs);
  }
}

/** Whether typing changes the meaning of a spec. A module changes only when it is saved. */
function isTyped(uri: vscode.Uri): boolean {
  return isSpecFile(uri) && !isSpecModule(uri);
}

/** Gives access to the extension's `ImageSpecs`. */
export interface WithImages {
  readonly images: ImageSpecs;
}
