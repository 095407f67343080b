import { posix } from "node:path";
import * as vscode from "vscode";
import type { DockerfileText } from "../../../core/context/lint/lint";
import type { Log } from "../../../core/base/log";
import type { Memory } from "../../platform/memory";
import { onDidChangeSettings } from "../../platform/settings";
import { ContextFolder } from "./contextFolder";
import { isDockerfile, isIgnoreFile } from "../../platform/fileKinds";
import { IgnoreModel } from "./ignoreModel";
import { relativePath } from "./relativePath";
import { readAllowed } from "../../platform/restricted";

/** How long a model that nobody holds is kept, for those who come back. */
const graceMs = 60_000;

/** A model that is kept fresh until it is let go. */
export interface HeldModel extends vscode.Disposable {
  readonly model: IgnoreModel;
}

interface KeptModel {
  readonly model: IgnoreModel;
  holders: number;
  timer?: NodeJS.Timeout;
}

interface KeptFolder {
  readonly folder: ContextFolder;
  models: number;
  /** Dockerfiles that are built with the folder and do not lie in it. */
  readonly outside: Map<string, vscode.Uri>;
}

/** The ignore files that somebody looks at, each once. */
export class IgnoreModels implements vscode.Disposable {
  readonly #models = new Map<string, KeptModel>();
  readonly #folders = new Map<string, KeptFolder>();
  readonly #subscriptions: vscode.Disposable;

  constructor(
    private readonly memory: Memory,
    private readonly log: Log,
  ) {
    this.#subscriptions = vscode.Disposable.from(
      // Without a change of its text a document has been saved or reverted, and then the file's bytes count.
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#touch(document.uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#touch(uri)),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#touch(uri)),
      onDidChangeSettings(() => this.#touchAll()),
    );
  }

  /**
   * The model of the ignore file that builds of a folder read.
   *
   * @param dockerfile default is the folder's `Dockerfile`
   */
  async ofFolder(
    folder: vscode.Uri,
    dockerfile: vscode.Uri = vscode.Uri.joinPath(folder, "Dockerfile"),
  ): Promise<HeldModel> {
    const own = dockerfile.with({ path: `${dockerfile.path}.dockerignore` });
    const held = this.#hold(folder, (await exists(own)) ? pathFrom(folder, own) : ".dockerignore");
    this.#noteOutside(held.model, dockerfile);
    return held;
  }

  /** The model of an ignore file, or of the one that builds of a Dockerfile read; nothing for other files. */
  async ofFile(uri: vscode.Uri): Promise<HeldModel | undefined> {
    if (isDockerfile(uri)) return this.ofFolder(this.contextOf(uri), uri);
    if (!isIgnoreFile(uri)) return undefined;
    const dockerfile = dockerfileOf(uri);
    const folder = dockerfile ? this.contextOf(dockerfile) : parentOf(uri);
    const held = this.#hold(folder, pathFrom(folder, uri));
    if (dockerfile) this.#noteOutside(held.model, dockerfile);
    return held;
  }

  /** The context of a Dockerfile's builds: the one it had last, else its own folder. */
  contextOf(dockerfile: vscode.Uri): vscode.Uri {
    const last = dockerfile.scheme === "file" ? this.memory.recallContext(dockerfile.fsPath) : undefined;
    return last === undefined ? parentOf(dockerfile) : vscode.Uri.file(last);
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const { model, timer } of this.#models.values()) {
      clearTimeout(timer);
      model.dispose();
    }
    for (const { folder } of this.#folders.values()) folder.dispose();
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
    const kept = this.#folders.get(uri.toString()) ?? {
      folder: new ContextFolder(uri, this.log),
      models: 0,
      outside: new Map(),
    };
    kept.models++;
    this.#folders.set(uri.toString(), kept);
    // Whoever needs the files hears of a failure from their own call.
    kept.folder.read().catch((error: unknown) => this.log.debug(String(error)));
    return new IgnoreModel(kept.folder, file, () => this.#dockerfilesOf(kept));
  }

  #noteOutside(model: IgnoreModel, dockerfile: vscode.Uri): void {
    const { outside } = this.#folders.get(model.folder.uri.toString()) ?? {};
    if (!outside || relativePath(model.folder.uri, dockerfile) !== undefined || outside.has(dockerfile.toString()))
      return;
    outside.set(dockerfile.toString(), dockerfile);
    model.touch();
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
  async #dockerfilesOf({ folder, outside }: KeptFolder): Promise<DockerfileText[]> {
    const inside = (await folder.dockerfiles()).map((path) => vscode.Uri.joinPath(folder.uri, path));
    const own = [...inside, ...outside.values()].filter(
      (uri) => this.contextOf(uri).toString() === folder.uri.toString(),
    );
    const texts = await Promise.all(own.map(async (uri) => ({ uri, text: await textOf(uri) })));
    return texts.flatMap(({ uri, text }) =>
      text === undefined ? [] : [{ file: pathFrom(folder.uri, uri), text, isUtf16: isOpenAsUtf16(uri) }],
    );
  }

  #touch(uri: vscode.Uri): void {
    if (!isIgnoreFile(uri) && !isDockerfile(uri)) return;
    for (const { model } of this.#models.values()) {
      const isIts = isDockerfile(uri) ? this.#isDockerfileOf(model, uri) : model.uri.toString() === uri.toString();
      if (isIts) model.touch();
    }
  }

  #isDockerfileOf({ folder }: IgnoreModel, uri: vscode.Uri): boolean {
    return (
      relativePath(folder.uri, uri) !== undefined ||
      this.#folders.get(folder.uri.toString())?.outside.has(uri.toString()) === true
    );
  }

  #touchAll(): void {
    for (const { model } of this.#models.values()) model.touch();
  }
}

function parentOf(uri: vscode.Uri): vscode.Uri {
  return uri.with({ path: posix.dirname(uri.path) });
}

/** The Dockerfile that an ignore file of its own stands beside. */
function dockerfileOf(ignoreFile: vscode.Uri): vscode.Uri | undefined {
  const name = posix.basename(ignoreFile.path);
  return name.startsWith(".")
    ? undefined
    : ignoreFile.with({ path: ignoreFile.path.slice(0, ignoreFile.path.lastIndexOf(".")) });
}

/** The path of a file, which may lie beside the folder. */
function pathFrom(folder: vscode.Uri, file: vscode.Uri): string {
  return posix.relative(folder.path, file.path);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
}

/** The editor's text does not show it; nothing for a file that is not open. */
function isOpenAsUtf16(uri: vscode.Uri): true | undefined {
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  return document?.encoding.startsWith("utf16") === true ? true : undefined;
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  if (document) return document.getText();
  // Without a byte order mark, as VS Code has texts, so that columns are the same.
  return readAllowed(uri).then(
    (bytes) =>
      Buffer.from(bytes)
        .toString("utf8")
        .replace(/^\ufeff/, ""),
    () => undefined,
  );
}

/** Holds the extension's `IgnoreModels`. */
export interface WithIgnoreModels {
  readonly ignoreModels: IgnoreModels;
}
