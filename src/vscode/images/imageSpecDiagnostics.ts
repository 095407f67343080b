import * as vscode from "vscode";
import type { WithLog, WithRefresh } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";
import { ImageBuilderError, messageOf } from "../../core/base/errors";
import type { SpecProblem } from "../../core/image/spec/specProblem";
import { readSpec } from "./specs/readSpec";
import { isSpecFile } from "../platform/fileKinds";
import { isSpecModule } from "./specs/specFiles";
import { placesOf } from "./specs/specPlan";
import { onDidChangeSettings } from "../platform/settings";
import { newDiagnostic } from "../ui/editor";
import { OpenFiles } from "../ui/openFiles";
import { rangeOf } from "../platform/ranges";

/** Time in milliseconds during which key presses and changes on disk are gathered. */
const gatherMs = 100;
/** Time in milliseconds during which saves are gathered before modules run, each in a separate process. */
const gatherSavesMs = 500;

/** Problem in a spec file with its diagnostic. */
export interface ShownProblem {
  readonly problem: SpecProblem;
  readonly diagnostic: vscode.Diagnostic;
}

/** Marks problems in open image specs: in files while typing, in modules only on save, because they must be run. */
export class ImageSpecDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("image-builders-specs");
  readonly #open = new Map<string, { readonly uri: vscode.Uri; checking?: AbortController }>();
  readonly #shown = new Map<string, readonly ShownProblem[]>();
  /** File in which the error of a module is marked, by the URI of the module. */
  readonly #markedFor = new Map<string, vscode.Uri>();
  readonly #subscriptions: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  /** Whether the next check includes modules. */
  #withModules = false;
  /** Watcher for created and deleted files; defined only while a spec is open. */
  #disk: vscode.Disposable | undefined;

  constructor(private readonly services: WithLog & WithRefresh & WithSecrets) {
    const files = new OpenFiles(
      isSpecFile,
      (uri) => this.#opened(uri),
      (uri) => this.#closed(uri),
    );
    this.#subscriptions = vscode.Disposable.from(
      files,
      this.#collection,
      onDidChangeSettings(() => this.#checkSoon()),
      services.refresh.event(() => this.#checkSoon()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#checkSoon({ withModules: true })),
      vscode.workspace.onDidSaveTextDocument(() => this.#checkSoon({ withModules: true })),
      vscode.workspace.onDidChangeTextDocument(
        ({ document }) => this.#open.has(document.uri.toString()) && this.#checkSoon(),
      ),
    );
  }

  /** Returns the problems that are shown in a spec file. */
  problemsIn(uri: vscode.Uri): readonly ShownProblem[] {
    return this.#shown.get(uri.toString()) ?? [];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const { checking } of this.#open.values()) checking?.abort();
    this.#disk?.dispose();
    this.#subscriptions.dispose();
  }

  #opened(uri: vscode.Uri): void {
    this.#open.set(uri.toString(), { uri });
    this.#disk ??= this.#watchDisk();
    void this.#check(uri);
  }

  #closed(uri: vscode.Uri): void {
    this.#open.get(uri.toString())?.checking?.abort();
    this.#open.delete(uri.toString());
    if (this.#open.size === 0) {
      this.#disk?.dispose();
      this.#disk = undefined;
    }
    this.#show(uri, []);
    this.#markModule(uri, undefined);
  }

  #watchDisk(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher("**/*", false, true, false);
    return vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(() => this.#checkSoon()),
      watcher.onDidDelete(() => this.#checkSoon()),
    );
  }

  #checkSoon({ withModules = false } = {}): void {
    this.#withModules ||= withModules;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        const isMeant = this.#withModules ? () => true : (uri: vscode.Uri) => !isSpecModule(uri);
        this.#withModules = false;
        for (const { uri } of this.#open.values()) if (isMeant(uri)) void this.#check(uri);
      },
      this.#withModules ? gatherSavesMs : gatherMs,
    );
  }

  /** Checks a spec and aborts its previous check, whose module could otherwise keep running. */
  async #check(uri: vscode.Uri): Promise<void> {
    const open = this.#open.get(uri.toString());
    if (!open) return;
    open.checking?.abort();
    const checking = new AbortController();
    open.checking = checking;
    try {
      if (isSpecModule(uri)) await this.#checkModule(uri, checking.signal);
      else {
        const problems = await this.#problemsOf(uri);
        if (!checking.signal.aborted) this.#show(uri, problems);
      }
    } catch (error) {
      this.services.log.warn(messageOf(error));
    }
  }

  async #problemsOf(uri: vscode.Uri): Promise<readonly SpecProblem[]> {
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    if (!document) return [];
    const [{ readImageSpec }, { placeProblems }] = await Promise.all([
      import("../../core/image/spec/readImageSpec"),
      import("../../core/image/spec/placeProblems"),
    ]);
    const spec = readImageSpec(document.getText(), uri.path);
    return uri.scheme === "file"
      ? [...spec.problems, ...placeProblems(spec, await placesOf(this.services, uri))]
      : spec.problems;
  }

  #show(uri: vscode.Uri, problems: readonly SpecProblem[]): void {
    const shown = problems.map((problem) => ({ problem, diagnostic: diagnosticOf(problem) }));
    this.#shown.set(uri.toString(), shown);
    this.#collection.set(
      uri,
      shown.map(({ diagnostic }) => diagnostic),
    );
  }

  async #checkModule(uri: vscode.Uri, signal: AbortSignal): Promise<void> {
    try {
      await readSpec(uri, { signal });
      if (!signal.aborted) this.#markModule(uri, undefined);
    } catch (error) {
      if (signal.aborted) return;
      if (!ImageBuilderError.is(error, "imageInvalid")) this.services.log.warn(messageOf(error));
      this.#markModule(uri, error);
    }
  }

  #markModule(module: vscode.Uri, error: unknown): void {
    const marked = this.#markedFor.get(module.toString());
    if (marked) this.#collection.delete(marked);
    this.#markedFor.delete(module.toString());
    const location = ImageBuilderError.is(error) ? error.location : undefined;
    if (!location) return;
    const file = vscode.Uri.file(location.file);
    const start = new vscode.Position(location.line - 1, (location.column ?? 1) - 1);
    const diagnostic = newDiagnostic(
      new vscode.Range(start, start.translate(0, location.column === undefined ? 1000 : 1)),
      messageOf(error),
      vscode.DiagnosticSeverity.Error,
    );
    diagnostic.source = "Image Builders";
    this.#collection.set(file, [diagnostic]);
    this.#markedFor.set(module.toString(), file);
  }
}

function diagnosticOf({ code, severity, range, message }: SpecProblem): vscode.Diagnostic {
  const diagnostic = newDiagnostic(
    rangeOf(range),
    message,
    severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.code = code;
  diagnostic.source = "Image Builders";
  return diagnostic;
}
