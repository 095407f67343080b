import * as vscode from "vscode";
import type { PathTree } from "../../../core/context/tree/pathTree";
import type { Evaluator } from "../../../core/context/evaluation/evaluator";
import type { Log } from "../../../core/base/log";
import { messageOf } from "../../../core/base/errors";
import { isDockerfile, isIgnoreFile } from "../../platform/fileKinds";
import { listedPath } from "../../platform/restricted";
import { findDockerfilesIn } from "./findDockerfilesIn";
import { readFolder } from "./readFolder";
import { relativePath } from "./relativePath";

/**
 * Time in milliseconds without further changes before the tree is updated, and the longest time that changes can delay
 * the update.
 */
const quietMs = 200;
const gatherMs = 2_000;
/**
 * Time in milliseconds after which a watcher is certainly active. Changes before then are detected by a second look.
 */
const watcherStartMs = 3_000;
/** Number of changes above which reading the whole folder again is faster. */
const manyChanges = 5_000;

/** Files of a folder: read once in the background, then kept up to date by a watcher. */
export class ContextFolder implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when the files have been read, and after every change. */
  readonly onDidChange = this.#changed.event;
  readonly #closing = new AbortController();
  readonly #pending = new Set<string>();
  readonly #watcher: vscode.FileSystemWatcher;
  #evaluator: Evaluator | undefined;
  #reading: Promise<Evaluator> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #secondLook: NodeJS.Timeout | undefined;
  #gatheringSince = 0;
  #updating = Promise.resolve();
  #dockerfiles: { readonly tree: PathTree; readonly revision: number; readonly paths: Promise<string[]> } | undefined;

  constructor(
    readonly uri: vscode.Uri,
    private readonly log: Log,
  ) {
    this.#watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(uri, "**"));
    for (const event of [this.#watcher.onDidCreate, this.#watcher.onDidChange, this.#watcher.onDidDelete])
      event((file) => this.#note(file));
  }

  /** Files with their evaluator; undefined until they have been read. */
  get evaluator(): Evaluator | undefined {
    return this.#evaluator;
  }

  /**
   * Returns the files once they have been read.
   *
   * @throws the system's error if the folder can't be read; an abort error after `dispose`
   */
  read(): Promise<Evaluator> {
    return this.#reading ?? this.refresh();
  }

  /** Returns the folder's Dockerfiles, as paths relative to it with slashes; empty until the files have been read. */
  async dockerfiles(): Promise<readonly string[]> {
    const tree = this.#evaluator?.tree;
    if (!tree) return [];
    const { revision } = tree;
    if (this.#dockerfiles?.tree !== tree || this.#dockerfiles.revision !== revision)
      this.#dockerfiles = { tree, revision, paths: findDockerfilesIn(tree) };
    return this.#dockerfiles.paths;
  }

  /**
   * Reads all files again, for changes that no watcher reports.
   *
   * @throws the system's error if the folder can't be read; an abort error after `dispose`
   */
  refresh(): Promise<Evaluator> {
    const before = Promise.resolve(this.#reading).catch(() => undefined);
    const reading = before.then(() => this.#read());
    this.#reading = reading;
    reading.catch(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
    return reading;
  }

  /** Notes a file that an editor shows: a watcher may report a new file late, or never. */
  async noteFile(file: vscode.Uri): Promise<void> {
    const path = relativePath(this.uri, file);
    // Callers that need the files get the failure from their own call.
    const evaluator = await this.read().catch(() => undefined);
    if (path !== undefined && evaluator?.tree.find(path) === undefined && !this.#closing.signal.aborted)
      this.#note(file);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#secondLook);
    this.#closing.abort();
    this.#watcher.dispose();
    this.#changed.dispose();
  }

  async #read(): Promise<Evaluator> {
    this.#pending.clear();
    const isFirst = this.#evaluator === undefined;
    this.#evaluator = await readFolder(this.uri, this.#closing.signal);
    this.#changed.fire();
    if (isFirst && this.uri.scheme === "file")
      this.#secondLook = setTimeout(() => this.#inTurn(() => this.#lookAgain()), watcherStartMs);
    return this.#evaluator;
  }

  #note(file: vscode.Uri): void {
    const path = relativePath(this.uri, file);
    if (path === undefined) return;
    if (this.#pending.size === 0) this.#gatheringSince = Date.now();
    this.#pending.add(path);
    if (this.#timer && Date.now() - this.#gatheringSince > gatherMs) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#inTurn(() => this.#update());
    }, quietMs);
  }

  #inTurn(work: () => Promise<void>): void {
    this.#updating = this.#updating.then(work).catch((error: unknown) => {
      if (!this.#closing.signal.aborted) this.log.warn(messageOf(error));
    });
  }

  /** Changes that arrive while the files are being read are applied afterwards. */
  async #update(): Promise<void> {
    const evaluator = await this.#reading;
    const paths = [...this.#pending];
    this.#pending.clear();
    if (!evaluator || this.#closing.signal.aborted) return;
    if (paths.length > manyChanges || paths.includes("") || this.uri.scheme !== "file") {
      await this.refresh();
      return;
    }
    const { updatePathTree } = await import("../../../core/context/tree/readPathTree");
    const before = evaluator.tree.revision;
    await updatePathTree(evaluator.tree, await listedPath(this.uri), paths, this.#closing.signal);
    // A text can change without changing its size.
    if (evaluator.tree.revision !== before || paths.some((path) => this.#isRead(path))) this.#changed.fire();
  }

  async #lookAgain(): Promise<void> {
    const { tree } = await this.read();
    const { updateNames } = await import("../../../core/context/tree/readPathTree");
    await updateNames(tree, await listedPath(this.uri), this.#closing.signal);
    // Fires even if the tree hasn't changed: code that reads the disk may have seen a file that existed only briefly.
    this.#changed.fire();
  }

  /** Whether the text of a file is used: ignore files and Dockerfiles. */
  #isRead(path: string): boolean {
    const file = vscode.Uri.joinPath(this.uri, path);
    return isIgnoreFile(file) || isDockerfile(file) || file.path.endsWith("/.gitignore");
  }
}
