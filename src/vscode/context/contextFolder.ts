import * as vscode from "vscode";
import type { Evaluator } from "../../core/context/evaluation/evaluator";
import type { Log } from "../../core/log";
import { messageOf } from "../../core/errors";
import { findDockerfilesIn } from "./findDockerfilesIn";
import { readFolder } from "./readFolder";
import { relativePath } from "./relativePath";

/** How long changes are gathered before the tree is told of them. */
const gatherMs = 200;
/** So many changes at once are quicker read anew. */
const manyChanges = 5_000;

/** The files of a folder: read once in the background, then kept fresh by a watcher. */
export class ContextFolder implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fired when the files have been read, and after every change of them. */
  readonly onDidChange = this.#changed.event;
  readonly #closing = new AbortController();
  readonly #pending = new Set<string>();
  readonly #watcher: vscode.FileSystemWatcher;
  #evaluator: Evaluator | undefined;
  #reading: Promise<Evaluator> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #updating = Promise.resolve();
  #dockerfiles: { readonly revision: number; readonly paths: Promise<string[]> } | undefined;

  constructor(
    readonly uri: vscode.Uri,
    private readonly log: Log,
  ) {
    this.#watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(uri, "**"));
    for (const event of [this.#watcher.onDidCreate, this.#watcher.onDidChange, this.#watcher.onDidDelete]) event((file) => this.#note(file));
  }

  /** The files, if they have been read. */
  get evaluator(): Evaluator | undefined {
    return this.#evaluator;
  }

  /**
   * The files, once they have been read.
   *
   * @throws what the system throws if the folder cannot be read; an abort error after `dispose`
   */
  read(): Promise<Evaluator> {
    return (this.#reading ??= this.#read());
  }

  /** The folder's Dockerfiles, slash-separated and relative to it, as far as its files are known. */
  async dockerfiles(): Promise<readonly string[]> {
    const tree = this.#evaluator?.tree;
    if (!tree) return [];
    if (this.#dockerfiles?.revision !== tree.revision) this.#dockerfiles = { revision: tree.revision, paths: findDockerfilesIn(tree) };
    return this.#dockerfiles.paths;
  }

  /** Reads all files anew, for what no watcher tells of. */
  async refresh(): Promise<void> {
    this.#reading = this.#read();
    await this.#reading;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#closing.abort();
    this.#watcher.dispose();
    this.#changed.dispose();
  }

  async #read(): Promise<Evaluator> {
    try {
      this.#pending.clear();
      const evaluator = await readFolder(this.uri, this.#closing.signal);
      this.#evaluator = evaluator;
      this.#changed.fire();
      return evaluator;
    } catch (error) {
      this.#reading = undefined;
      throw error;
    }
  }

  #note(file: vscode.Uri): void {
    const path = relativePath(this.uri, file);
    if (path === undefined || path === "") return;
    this.#pending.add(path);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#updating = this.#updating.then(() => this.#update());
    }, gatherMs);
  }

  /** What came while the files are being read is looked at once they are. */
  async #update(): Promise<void> {
    try {
      const evaluator = await this.#reading;
      const paths = [...this.#pending];
      this.#pending.clear();
      if (!evaluator || this.#closing.signal.aborted) return;
      if (paths.length > manyChanges || this.uri.scheme !== "file") {
        await this.refresh();
        return;
      }
      const { updatePathTree } = await import("../../core/context/evaluation/readPathTree");
      const before = evaluator.tree.revision;
      await updatePathTree(evaluator.tree, this.uri.fsPath, paths, this.#closing.signal);
      if (evaluator.tree.revision !== before) this.#changed.fire();
    } catch (error) {
      if (!this.#closing.signal.aborted) this.log.warn(messageOf(error));
    }
  }
}
