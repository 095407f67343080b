import * as vscode from "vscode";
import { ImageBuilderError } from "../../../core/base/errors";
import { dockerfileGlobs } from "../../../core/dockerfile/dockerfileName";
import { findContexts } from "../model/findContext";
import type { IgnoreModel } from "../model/ignoreModel";
import type { HeldModel, WithIgnoreModels } from "../model/ignoreModels";
import { relativePath } from "../model/relativePath";
import type { WithMemory } from "../../platform/memory";
import { throttle } from "../../ui/throttle";
import { newFileDecoration } from "../../ui/editor";

const updateIntervalMs = 300;
const places = `**/{${dockerfileGlobs},*.{docker,container}ignore,.{docker,container}ignore}`;

/** Decorations that are shown while the setting is on. */
export class ShownDecorations implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeFileDecorations = this.#changed.event;
  /** Models by folder URI; all files of a folder are in the same build context. */
  readonly #models = new Map<string, Promise<HeldModel | undefined>>();
  readonly #subscriptions: vscode.Disposable;
  /**
   * Files for which decorations were requested. They are refreshed individually, so that unchanged ones don't flicker.
   */
  readonly #asked = new Map<string, vscode.Uri>();
  readonly #refresh = throttle(updateIntervalMs, () => this.#changed.fire([...this.#asked.values()]));

  constructor(private readonly services: WithIgnoreModels & WithMemory) {
    const watcher = vscode.workspace.createFileSystemWatcher(places, false, true, false);
    this.#subscriptions = vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(() => this.#forget()),
      watcher.onDidDelete(() => this.#forget()),
      vscode.window.registerFileDecorationProvider(this),
    );
  }

  async provideFileDecoration(
    uri: vscode.Uri,
    token: vscode.CancellationToken,
  ): Promise<vscode.FileDecoration | undefined> {
    if (!vscode.workspace.getWorkspaceFolder(uri)) return undefined;
    this.#asked.set(uri.toString(), uri);
    const model = (await this.#modelFor(uri))?.model;
    const path = model && relativePath(model.folder.uri, uri);
    if (!model?.folder.evaluator || !path || token.isCancellationRequested) return undefined;
    const { view, lines, evaluation } = await evaluated(model);
    const id = view?.tree.find(path);
    if (id === undefined || !evaluation || evaluation.isSent(id) || token.isCancellationRequested) return undefined;
    const line = lines[evaluation.decidedBy(id) ?? -1];
    const tooltip = line && vscode.l10n.t("Not in the image: line {0} of {1} ({2})", line.line, model.file, line.text);
    return tooltip === undefined
      ? undefined
      : newFileDecoration("∅", tooltip, new vscode.ThemeColor("list.deemphasizedForeground"));
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#forget();
    this.#changed.dispose();
  }

  #modelFor(uri: vscode.Uri): Promise<HeldModel | undefined> {
    const folder = vscode.Uri.joinPath(uri, "..");
    const known = this.#models.get(folder.toString());
    if (known) return known;
    const finding = this.#find(folder);
    this.#models.set(folder.toString(), finding);
    return finding;
  }

  async #find(folder: vscode.Uri): Promise<HeldModel | undefined> {
    const [place] = await findContexts(this.services, folder);
    if (!place) return undefined;
    const held = await this.services.ignoreModels.ofFolder(place.folder, place.dockerfile);
    const changes = held.model.onDidChange(() => this.#refresh(undefined));
    return { model: held.model, dispose: () => vscode.Disposable.from(changes, held).dispose() };
  }

  #forget(): void {
    for (const finding of this.#models.values()) void finding.then((held) => held?.dispose());
    this.#models.clear();
    this.#refresh(undefined);
  }
}

/**
 * Evaluates the rules on the folder's files. An invalid ignore file is reported where it is open, not for each file.
 */
async function evaluated(model: IgnoreModel) {
  try {
    const { view, lines } = await model.state();
    return { view, lines, evaluation: await view?.evaluate() };
  } catch (error) {
    if (ImageBuilderError.is(error, "dockerignoreInvalid")) return { lines: [] };
    throw error;
  }
}
