import * as vscode from "vscode";
import type { PathTree } from "../../../core/context/tree/pathTree";
import type { Evaluator } from "../../../core/context/evaluation/evaluator";
import type { Log } from "../../../core/base/log";
import { messageOf } from "../../../core/base/errors";
import { isDockerfile, isIgnoreFile } from "../../platform/fileKinds";
import { findDockerfilesIn } from "./findDockerfilesIn";
import { readFolder } from "./readFolder";
import { relativePath } from "./relativePath";

/** How long nothing more must change before the tree is told, and how long that may put it off. */
const quietMs = 200;
const gatherMs = 2_000;
/** After so long a watcher surely watches; what came and went before that is looked for then. */
const watcherStartMs = 3_000;
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
    return this.#reading ?? this.refresh();
  }

  /** The folder's Dockerfiles, slash-separated and relative to it, as far as its files are known. */
  async dockerfiles(): Promise<readonly string[]> {
    const tree = this.#evaluator?.tree;
    if (!tree) return [];
    const { revision } = tree;
    if (this.#dockerfiles?.tree !== tree || this.#dockerfiles.revision !== revision)
      this.#dockerfiles = { tree, revision, paths: findDockerfilesIn(tree) };
    return this.#dockerfiles.paths;
  }

  /**
   * Reads all files anew, for what no watcher tells of.
   *
   * @throws what the system throws if the folder cannot be read; an abort error after `dispose`
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
    // Whoever needs the files hears of a failure from their own call.
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

  /** What came while the files are being read is looked at once they are. */
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
    await updatePathTree(evaluator.tree, this.uri.fsPath, paths, this.#closing.signal);
    // A text counts even where its length stays.
    if (evaluator.tree.revision !== before || paths.some((path) => this.#isRead(path))) this.#changed.fire();
  }

  async #lookAgain(): Promise<void> {
    const { tree } = await this.read();
    const { updateNames } = await import("../../../core/context/tree/readPathTree");
    await updateNames(tree, this.uri.fsPath, this.#closing.signal);
    // Also without a change of the tree: a file that came and went meanwhile may have been seen on disk by those who
    // look there.
    this.#changed.fire();
  }

  /** Whether it is a file whose text counts. */
  #isRead(path: string): boolean {
    const file = vscode.Uri.joinPath(this.uri, path);
    return isIgnoreFile(file) || isDockerfile(file) || file.path.endsWith("/.gitignore");
  }
}
