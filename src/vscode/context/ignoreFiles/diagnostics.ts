import type { WithLog } from "../../platform/host";
import type * as vscode from "vscode";
import type { Finding } from "../../../core/context/lint/state/finding";
import { messageOf } from "../../../core/base/errors";
import { isDockerfile, isIgnoreFile, isOnFileSystem } from "../../platform/fileKinds";
import type { IgnoreModel } from "../model/ignoreModel";
import type { HeldModel, WithIgnoreModels } from "../model/ignoreModels";
import { Linter } from "./linter";
import { OpenFiles } from "../../ui/openFiles";
import { PublishedFindings, type ShownFinding } from "./publishedFindings";

/** Open file with the model of the ignore file that applies to it. */
interface OpenFile {
  readonly uri: vscode.Uri;
  held?: HeldModel;
  changes?: vscode.Disposable;
}

/** Shows findings in open ignore files and Dockerfiles, and updates them on changes. */
export class FindingDiagnostics implements vscode.Disposable {
  readonly #open = new Map<string, OpenFile>();
  readonly #linters = new Map<IgnoreModel, Linter>();
  readonly #published = new PublishedFindings();
  readonly #files: OpenFiles;

  constructor(private readonly services: WithIgnoreModels & WithLog) {
    const isMeant = (uri: vscode.Uri): boolean => (isIgnoreFile(uri) || isDockerfile(uri)) && isOnFileSystem(uri);
    this.#files = new OpenFiles(
      isMeant,
      (uri) => this.#add(uri),
      (uri) => this.#remove(uri),
    );
  }

  /** Returns the findings in an open file for its current text. */
  async findingsIn(uri: vscode.Uri): Promise<ShownFinding[]> {
    const held = this.#open.get(uri.toString())?.held?.model;
    const models = new Set([held, ...this.#published.in(uri).map(({ model }) => model)]);
    await Promise.all([...models].map((model) => model && this.#linters.get(model)?.settled()));
    return this.#published.in(uri);
  }

  dispose(): void {
    this.#files.dispose();
    for (const { uri } of [...this.#open.values()]) this.#remove(uri);
    this.#published.dispose();
  }

  #add(uri: vscode.Uri): void {
    const file: OpenFile = { uri };
    this.#open.set(uri.toString(), file);
    void this.#attach(file);
  }

  /**
   * Finds the model that applies to a file. For a Dockerfile, this changes when its own ignore file is created or
   * deleted.
   */
  async #attach(file: OpenFile): Promise<void> {
    try {
      const held = await this.services.ignoreModels.ofFile(file.uri);
      if (!held || this.#open.get(file.uri.toString()) !== file || held.model === file.held?.model)
        return held?.dispose();
      this.#detach(file);
      file.held = held;
      file.changes = isDockerfile(file.uri) ? held.model.folder.onDidChange(() => void this.#attach(file)) : undefined;
      this.#linterOf(held.model);
      await held.model.folder.noteFile(file.uri);
    } catch (error) {
      this.services.log.warn(messageOf(error));
    }
  }

  #remove(uri: vscode.Uri): void {
    const file = this.#open.get(uri.toString());
    this.#open.delete(uri.toString());
    if (file) this.#detach(file);
  }

  /** If other open files use the model, their findings remain. */
  #detach(file: OpenFile): void {
    const model = file.held?.model;
    file.changes?.dispose();
    file.held?.dispose();
    file.held = undefined;
    if (!model) return;
    if (this.#holdersOf(model).length > 0) return void this.#linterOf(model).publishAgain();
    this.#linters.get(model)?.dispose();
    this.#linters.delete(model);
    this.#published.hide(model);
  }

  #linterOf(model: IgnoreModel): Linter {
    const known = this.#linters.get(model);
    known?.publishAgain();
    if (known) return known;
    const linter = new Linter(
      model,
      (linted) => this.#published.show(model, linted, (finding, uri) => this.#isShown(finding, uri, model)),
      this.services.log,
    );
    this.#linters.set(model, linter);
    return linter;
  }

  #holdersOf(model: IgnoreModel): OpenFile[] {
    return [...this.#open.values()].filter(({ held }) => held?.model === model);
  }

  /**
   * Whether a finding is shown. An open ignore file shows all findings of its model; an open Dockerfile shows its own
   * and `ignore-file-not-a-file`.
   */
  #isShown({ code }: Finding, uri: vscode.Uri, model: IgnoreModel): boolean {
    const holders = this.#holdersOf(model);
    const isOpen = holders.some((file) => file.uri.toString() === uri.toString());
    return isOpen || code === "ignore-file-not-a-file" || holders.some((file) => isIgnoreFile(file.uri));
  }
}
