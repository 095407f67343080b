import * as vscode from "vscode";
import { stripVTControlCharacters } from "node:util";
import { visible } from "../../core/text/visible";
import { isBuildId } from "../../core/history/buildId";
import { buildFacts } from "./buildFacts";
import type { Build } from "./history/build";
import type { Builds } from "./builds";
import type { BuildHistory } from "./history/buildHistory";

const scheme = "image-builders-log";
/** Time in milliseconds between two updates of a log that grows. */
const updateMs = 1000;

/**
 * Kind of a file about a build: its log, the log without what differs in every build, or its facts. The last two are
 * for comparing.
 */
export type BuildFile = "log" | "comparedLog" | "facts";

/**
 * Read-only files with the logs of builds, one for each build. The log of a running build grows in the editor.
 *
 * They are files and not virtual documents, because VS Code restores the editors of files after a reload.
 */
export class BuildLogs implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  /** Times of the last updates, by the build's ID. */
  readonly #updatedAt = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** URIs of the logs that are open and were shown. */
  readonly #seen = new Set<string>();
  /** Editors that show the end of a log that is about to grow, by its URI. */
  readonly #atEnd = new Map<string, readonly vscode.TextEditor[]>();
  readonly #subscriptions: vscode.Disposable;

  constructor(
    private readonly builds: Builds,
    private readonly history: BuildHistory,
  ) {
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.window.onDidChangeVisibleTextEditors((editors) => this.#showEnds(editors)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#seen.delete(uri.toString())),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#follow(document.uri)),
      vscode.workspace.registerFileSystemProvider(scheme, this, { isCaseSensitive: true, isReadonly: true }),
      builds.onDidChange((build) => this.#updateEnded(build)),
    );
  }

  /** Opens the log of a build in an editor. */
  async show(build: Build): Promise<void> {
    await vscode.window.showTextDocument(fileOfBuild(build, "log"));
  }

  /** Opens the log of a build beside the active editor, with the cursor at the first line of a step. */
  async showStep(build: Build, step: number): Promise<void> {
    const uri = fileOfBuild(build, "log");
    // The end is not shown instead.
    this.#seen.add(uri.toString());
    const editor = await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside });
    const at = editor.document
      .getText()
      .split("\n")
      .findIndex((line) => line.startsWith(`#${step} `));
    if (at < 0) return;
    const { range } = editor.document.lineAt(at);
    editor.selection = new vscode.Selection(range.start, range.start);
    editor.revealRange(range, vscode.TextEditorRevealType.AtTop);
  }

  /** Call it after a line was appended to the log of a build. */
  logged(build: Build): void {
    this.history.logged(build);
    if (this.#timers.has(build.id) || !isOpen(build)) return;
    this.#timers.set(
      build.id,
      setTimeout(() => this.#update(build), updateMs),
    );
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { build, kind } = await this.#fileAt(uri);
    const { byteLength } = await this.#bytesOf(build, kind);
    const mtime = this.#updatedAt.get(build.id) ?? (build.endedAt ?? build.startedAt).getTime();
    return {
      type: vscode.FileType.File,
      ctime: build.startedAt.getTime(),
      mtime,
      size: byteLength,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { build, kind } = await this.#fileAt(uri);
    return this.#bytesOf(build, kind);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#subscriptions.dispose();
  }

  /** Finds the build that a file is about. @throws FileNotFound */
  async #fileAt(uri: vscode.Uri): Promise<{ readonly build: Build; readonly kind: BuildFile }> {
    const [, id, kind] = uri.path.split("/");
    const build =
      id === undefined || !isBuildId(id) ? undefined : (await this.builds.load()).find((each) => each.id === id);
    if (!build || !isBuildFile(kind)) throw vscode.FileSystemError.FileNotFound(uri);
    return { build, kind };
  }

  async #bytesOf(build: Build, kind: BuildFile): Promise<Uint8Array> {
    if (kind === "facts") return Buffer.from(buildFacts(build), "utf8");
    const log = await this.history.logOf(build);
    const text =
      log === undefined
        ? `${vscode.l10n.t("The log of this build is no longer available.")}\n`
        : visible(stripVTControlCharacters(log), "lines");
    return Buffer.from(kind === "log" ? text : withoutDurations(text), "utf8");
  }

  /** Scrolls to the end when a log is opened that has there what a running build does, or why a build failed. */
  #showEnds(editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) {
      const { uri } = editor.document;
      if (uri.scheme !== scheme || this.#seen.has(uri.toString())) continue;
      this.#seen.add(uri.toString());
      const [, id, kind] = uri.path.split("/");
      const state = this.builds.list.find((build) => build.id === id)?.state.kind;
      if (kind === "log" && (state === "running" || state === "failed")) scrollToEnd(editor);
    }
  }

  /** Keeps the end of a growing log in sight of editors that show its end. */
  #follow(log: vscode.Uri): void {
    for (const editor of this.#atEnd.get(log.toString()) ?? [])
      if (vscode.window.visibleTextEditors.includes(editor)) scrollToEnd(editor);
    this.#atEnd.delete(log.toString());
  }

  /** Updates the log of a build that has ended, or all open logs of builds of other windows. */
  #updateEnded(changed: Build | undefined): void {
    if (changed && changed.state.kind !== "running") this.#update(changed);
    if (changed) return;
    for (const build of this.builds.list) if (!build.isOwn && isOpen(build)) this.#update(build);
  }

  #update(build: Build): void {
    clearTimeout(this.#timers.get(build.id));
    this.#timers.delete(build.id);
    if (!isOpen(build)) return;
    this.#updatedAt.set(build.id, Date.now());
    const uri = fileOfBuild(build, "log");
    this.#atEnd.set(
      uri.toString(),
      vscode.window.visibleTextEditors.filter((editor) => showsEnd(editor, uri)),
    );
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }
}

/** Returns a file about a build, whose name is the title of its editor. */
export function fileOfBuild(
  { id, imageName, startedAt }: Pick<Build, "id" | "imageName" | "startedAt">,
  kind: BuildFile,
): vscode.Uri {
  const time = startedAt.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const name = `${imageName.replace(/^.*\//, "")} ${time}`.replace(/[^\w.:-]/g, " ");
  return vscode.Uri.from({ scheme, path: `/${id}/${kind}/${name}.${kind === "facts" ? "txt" : "log"}` });
}

function isBuildFile(kind: string | undefined): kind is BuildFile {
  return kind === "log" || kind === "comparedLog" || kind === "facts";
}

/** Removes the durations at the ends of lines such as `#5 DONE 0.4s`, which differ in every build. */
function withoutDurations(log: string): string {
  return log.replace(/ DONE [\dhms. ]{1,12}$/gm, " DONE").replace(/^Done in [\dhms. ]{1,12}$/gm, "Done");
}

function isOpen(build: Build): boolean {
  const file = fileOfBuild(build, "log").toString();
  return vscode.workspace.textDocuments.some(({ uri }) => uri.toString() === file);
}

function showsEnd({ document, visibleRanges }: vscode.TextEditor, uri: vscode.Uri): boolean {
  const last = visibleRanges.at(-1)?.end.line ?? 0;
  return document.uri.toString() === uri.toString() && last >= document.lineCount - 2;
}

function scrollToEnd(editor: vscode.TextEditor): void {
  const end = editor.document.lineAt(editor.document.lineCount - 1).range;
  editor.revealRange(end);
}

/** Gives access to the extension's `BuildLogs`. */
export interface WithLogs {
  readonly logs: BuildLogs;
}
