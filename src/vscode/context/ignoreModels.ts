import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import type { DockerfileText } from "../../core/context/lint/lint";
import type { Log } from "../../core/log";
import type { Memory } from "../memory";
import { onDidChangeSettings } from "../settings";
import { ContextFolder } from "./contextFolder";
import { isDockerfile, isIgnoreFile } from "./fileKinds";
import { IgnoreModel } from "./ignoreModel";
import { relativePath } from "./relativePath";

/** How long a model that nobody holds is kept, for those who come back. */
const graceMs = 60_000;

/** A model that is kept fresh until it is let go. */
export interface HeldModel extends vscode.Disposable {
  readonly model: IgnoreModel;
}

/** The ignore files that somebody looks at, each once. */
export class IgnoreModels implements vscode.Disposable {
  readonly #models = new Map<string, { readonly model: IgnoreModel; holders: number; timer?: NodeJS.Timeout }>();
  readonly #folders = new Map<string, { readonly folder: ContextFolder; models: number }>();
  readonly #subscriptions: vscode.Disposable;

  constructor(
    private readonly memory: Memory,
    private readonly log: Log,
  ) {
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => contentChanges.length > 0 && this.#touch(document.uri)),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#touch(uri)),
      onDidChangeSettings(() => this.#touchAll()),
    );
  }

  /**
   * The model of the ignore file that builds of a folder read.
   *
   * @param dockerfile default is the folder's `Dockerfile`
   */
  async ofFolder(folder: vscode.Uri, dockerfile: vscode.Uri = vscode.Uri.joinPath(folder, "Dockerfile")): Promise<HeldModel> {
    const own = dockerfile.with({ path: `${dockerfile.path}.dockerignore` });
    const path = relativePath(folder, own);
    return this.#hold(folder, path !== undefined && (await exists(own)) ? path : ".dockerignore");
  }

  /** The model of an ignore file, or of the one that builds of a Dockerfile read; nothing for other files. */
  async ofFile(uri: vscode.Uri): Promise<HeldModel | undefined> {
    if (isDockerfile(uri)) return this.ofFolder(this.contextOf(uri), uri);
    if (!isIgnoreFile(uri)) return undefined;
    const folder = this.#folderOf(uri);
    return this.#hold(folder, relativePath(folder, uri) ?? basename(uri.path));
  }

  /** The context of a Dockerfile's builds: the one it had last, else its own folder. */
  contextOf(dockerfile: vscode.Uri): vscode.Uri {
    const last = dockerfile.scheme === "file" ? this.memory.recallContext(dockerfile.fsPath) : undefined;
    return last === undefined ? dockerfile.with({ path: dirname(dockerfile.path) }) : vscode.Uri.file(last);
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const { model, timer } of this.#models.values()) {
      clearTimeout(timer);
      model.dispose();
    }
    for (const { folder } of this.#folders.values()) folder.dispose();
  }

  /** `<Dockerfile>.dockerignore` stands beside its Dockerfile, which may be built with another folder. */
  #folderOf(ignoreFile: vscode.Uri): vscode.Uri {
    const parent = ignoreFile.with({ path: dirname(ignoreFile.path) });
    const name = basename(ignoreFile.path);
    if (name.startsWith(".")) return parent;
    return this.contextOf(vscode.Uri.joinPath(parent, name.slice(0, name.lastIndexOf("."))));
  }

  #hold(uri: vscode.Uri, file: string): HeldModel {
    const key = vscode.Uri.joinPath(uri, file).toString() + "\n" + uri.toString();
    const kept = this.#models.get(key) ?? { model: this.#create(uri, file), holders: 0 };
    this.#models.set(key, kept);
    clearTimeout(kept.timer);
    kept.holders++;
    let isHeld = true;
    return {
      model: kept.model,
      dispose: () => {
        if (!isHeld) return;
        isHeld = false;
        if (--kept.holders === 0) kept.timer = setTimeout(() => this.#drop(key), graceMs);
      },
    };
  }

  #create(uri: vscode.Uri, file: string): IgnoreModel {
    const kept = this.#folders.get(uri.toString()) ?? { folder: new ContextFolder(uri, this.log), models: 0 };
    kept.models++;
    this.#folders.set(uri.toString(), kept);
    // Whoever needs the files hears of a failure from their own call.
    kept.folder.read().catch((error: unknown) => this.log.debug(String(error)));
    return new IgnoreModel(kept.folder, file, () => this.#dockerfilesOf(kept.folder));
  }

  #drop(key: string): void {
    const model = this.#models.get(key)?.model;
    if (!model) return;
    this.#models.delete(key);
    model.dispose();
    const folderKey = model.folder.uri.toString();
    const kept = this.#folders.get(folderKey);
    if (!kept || --kept.models > 0) return;
    this.#folders.delete(folderKey);
    kept.folder.dispose();
  }

  /** The Dockerfiles whose context is the folder. */
  async #dockerfilesOf(folder: ContextFolder): Promise<DockerfileText[]> {
    const found = (await folder.dockerfiles()).map((path) => vscode.Uri.joinPath(folder.uri, path));
    const own = found.filter((uri) => this.contextOf(uri).toString() === folder.uri.toString());
    const texts = await Promise.all(own.map(async (uri) => ({ uri, text: await textOf(uri) })));
    return texts.flatMap(({ uri, text }) => (text === undefined ? [] : [{ file: relativePath(folder.uri, uri) ?? "", text }]));
  }

  #touch(uri: vscode.Uri): void {
    if (!isIgnoreFile(uri) && !isDockerfile(uri)) return;
    for (const { model } of this.#models.values()) {
      if (model.uri.toString() === uri.toString() || (isDockerfile(uri) && relativePath(model.folder.uri, uri) !== undefined)) model.touch();
    }
  }

  #touchAll(): void {
    for (const { model } of this.#models.values()) model.touch();
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(() => true, () => false);
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  if (document) return document.getText();
  return Promise.resolve(vscode.workspace.fs.readFile(uri)).then((bytes) => Buffer.from(bytes).toString("utf8"), () => undefined);
}
