import { posix } from "node:path";
import * as vscode from "vscode";
import type { DockerfileText } from "../../../core/context/lint/lint";
import type { Log } from "../../../core/base/log";
import type { Memory } from "../../platform/memory";
import { openDocument } from "../../platform/openDocument";
import { onDidChangeSettings } from "../../platform/settings";
import type { ContextFolder } from "./contextFolder";
import { isDockerfile, isIgnoreFile } from "../../platform/fileKinds";
import type { IgnoreModel } from "./ignoreModel";
import { relativePath } from "./relativePath";
import { readAllowed } from "../../platform/restricted";
import { lazily } from "../../ui/lazily";

/** Time in milliseconds that an unused model is kept in case it is needed again. */
const graceMs = 60_000;

/** Model that is kept up to date until it is disposed. */
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
  /** Dockerfiles outside the folder whose build context is the folder, by URI. */
  readonly outside: Map<string, vscode.Uri>;
}

const loadModels = lazily(async () => {
  const [folder, model] = await Promise.all([import("./contextFolder"), import("./ignoreModel")]);
  return { ...folder, ...model };
});
type Loaded = Awaited<ReturnType<typeof loadModels>>;

/** Models of the ignore files in use, one for each file. Their code loads with the first one. */
export class IgnoreModels implements vscode.Disposable {
  readonly #models = new Map<string, KeptModel>();
  readonly #folders = new Map<string, KeptFolder>();
  readonly #subscriptions: vscode.Disposable;

  constructor(
    private readonly memory: Memory,
    private readonly log: Log,
  ) {
    this.#subscriptions = vscode.Disposable.from(
      // An event without content changes means that the document was saved or reverted; the bytes of the file then
      // apply.
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#touch(document.uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#touch(uri)),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#touch(uri)),
      onDidChangeSettings(() => this.#touchAll()),
    );
  }

  /**
   * Returns the model of the ignore file that builds of a folder use. The caller must dispose it.
   *
   * @param dockerfile default is the folder's `Dockerfile`
   */
  async ofFolder(
    folder: vscode.Uri,
    dockerfile: vscode.Uri = vscode.Uri.joinPath(folder, "Dockerfile"),
  ): Promise<HeldModel> {
    const own = dockerfile.with({ path: `${dockerfile.path}.dockerignore` });
    const [loaded, hasOwn] = await Promise.all([loadModels(), exists(own)]);
    const held = this.#hold(loaded, folder, hasOwn ? pathFrom(folder, own) : ".dockerignore");
    this.#noteOutside(held.model, dockerfile);
    return held;
  }

  /** Returns the model of an ignore file, or of the one that builds of a Dockerfile use; undefined for other files. */
  async ofFile(uri: vscode.Uri): Promise<HeldModel | undefined> {
    if (isDockerfile(uri)) return this.ofFolder(this.contextOf(uri), uri);
    if (!isIgnoreFile(uri)) return undefined;
    const dockerfile = dockerfileOf(uri);
    const folder = dockerfile ? this.contextOf(dockerfile) : parentOf(uri);
    const held = this.#hold(await loadModels(), folder, pathFrom(folder, uri));
    if (dockerfile) this.#noteOutside(held.model, dockerfile);
    return held;
  }

  /** Returns the build context of a Dockerfile: the last one used, otherwise the Dockerfile's own folder. */
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

  #hold(loaded: Loaded, uri: vscode.Uri, file: string): HeldModel {
    const key = vscode.Uri.joinPath(uri, file).toString() + "\n" + uri.toString();
    const kept = this.#models.get(key) ?? { model: this.#create(loaded, uri, file), holders: 0 };
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

  #create({ ContextFolder, IgnoreModel }: Loaded, uri: vscode.Uri, file: string): IgnoreModel {
    const kept = this.#folders.get(uri.toString()) ?? {
      folder: new ContextFolder(uri, this.log),
      models: 0,
      outside: new Map(),
    };
    kept.models++;
    this.#folders.set(uri.toString(), kept);
    // Callers that need the files get the error from their own call.
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

  /** Reads the Dockerfiles whose build context is the folder. */
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

/** Returns the Dockerfile that an ignore file belongs to by name; undefined for the ignore file of a folder. */
function dockerfileOf(ignoreFile: vscode.Uri): vscode.Uri | undefined {
  const name = posix.basename(ignoreFile.path);
  return name.startsWith(".")
    ? undefined
    : ignoreFile.with({ path: ignoreFile.path.slice(0, ignoreFile.path.lastIndexOf(".")) });
}

/** Returns the path of a file relative to a folder that may not contain it. */
function pathFrom(folder: vscode.Uri, file: vscode.Uri): string {
  return posix.relative(folder.path, file.path);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
}

/** Whether a file is open as UTF-16, which the editor's text doesn't show; undefined if not. */
function isOpenAsUtf16(uri: vscode.Uri): true | undefined {
  const document = openDocument(uri);
  return document?.encoding.startsWith("utf16") === true ? true : undefined;
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const document = openDocument(uri);
  if (document) return document.getText();
  // Removes the byte order mark, as VS Code does, so that the columns are the same.
  return readAllowed(uri).then(
    (bytes) =>
      Buffer.from(bytes)
        .toString("utf8")
        .replace(/^\ufeff/, ""),
    () => undefined,
  );
}

/** Gives access to the extension's `IgnoreModels`. */
export interface WithIgnoreModels {
  readonly ignoreModels: IgnoreModels;
}
