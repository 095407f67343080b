import * as vscode from "vscode";
import type { WithRefresh } from "../platform/host";
import { ImageBuilderError, messageOf } from "../../core/base/errors";
import type { ImageBuildOptions } from "../../core/image/plan/imageBuild";
import type { ConfirmOutside } from "../../core/image/files/outsideError";
import type { ImageSpec } from "../../core/image/spec/readImageSpec";
import type { SpecProblem } from "../../core/image/spec/specProblem";
import { readSpec } from "./specs/readSpec";
import { isSpecFile } from "../platform/fileKinds";
import { isSpecModule } from "./specs/specFiles";
import { confirmOutside } from "./specs/outsideFiles";
import { destinationOf, placesOf, type SpecServices } from "./specs/specPlan";
import { openDocument } from "../platform/openDocument";
import { onDidChangeSettings } from "../platform/settings";
import { newDiagnostic } from "../ui/editor";
import { OpenFiles } from "../ui/openFiles";
import { rangeOf } from "../platform/ranges";
import { readSource } from "../platform/readSource";

/** Time in milliseconds during which key presses and changes on disk are gathered. */
const gatherMs = 100;
/** Time in milliseconds during which saves are gathered before modules run, each in a separate process. */
const gatherSavesMs = 500;

/** Problem in a spec file with its diagnostic. */
export interface ShownProblem {
  readonly problem: SpecProblem;
  readonly diagnostic: vscode.Diagnostic;
}

/** A spec that is open. */
interface OpenSpec {
  readonly uri: vscode.Uri;
  /** Ends the run of a module. */
  run?: AbortController;
  /** Whether a file is being checked, and has to be checked again afterwards. */
  check?: "running" | "again";
}

/** Marks problems in open image specs: in files while typing, in modules only on save, because they must be run. */
export class ImageSpecDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("image-builders-specs");
  readonly #open = new Map<string, OpenSpec>();
  readonly #shown = new Map<string, readonly ShownProblem[]>();
  /** The failures of modules, by the module, each with the file that it is marked in, which several may import. */
  readonly #failed = new Map<string, { readonly file: vscode.Uri; readonly diagnostic: vscode.Diagnostic }>();
  readonly #subscriptions: vscode.Disposable;
  readonly #timers: { files?: NodeJS.Timeout; modules?: NodeJS.Timeout } = {};
  /** Watcher for created and deleted files; defined only while a spec is open. */
  #disk: vscode.Disposable | undefined;

  constructor(private readonly services: SpecServices & WithRefresh) {
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
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#checkAllSoon()),
      vscode.workspace.onDidSaveTextDocument(() => this.#checkAllSoon()),
      // A tab opens before its document has been read, and may have an old text until then.
      vscode.workspace.onDidOpenTextDocument(({ uri }) => isSpecModule(uri) || void this.#check(uri)),
      vscode.workspace.onDidChangeTextDocument((change) => this.#changed(change)),
    );
  }

  /** Returns the problems that are shown in a spec file. */
  problemsIn(uri: vscode.Uri): readonly ShownProblem[] {
    return this.#shown.get(uri.toString()) ?? [];
  }

  dispose(): void {
    clearTimeout(this.#timers.files);
    clearTimeout(this.#timers.modules);
    for (const { run } of this.#open.values()) run?.abort();
    this.#disk?.dispose();
    this.#subscriptions.dispose();
  }

  #opened(uri: vscode.Uri): void {
    this.#open.set(uri.toString(), { uri });
    this.#disk ??= this.#watchDisk();
    void this.#check(uri);
  }

  #closed(uri: vscode.Uri): void {
    this.#open.get(uri.toString())?.run?.abort();
    this.#open.delete(uri.toString());
    if (this.#open.size === 0) {
      this.#disk?.dispose();
      this.#disk = undefined;
    }
    this.#show(uri, []);
    this.#shown.delete(uri.toString());
    this.#markModule(uri, undefined);
  }

  /** Also of what changes: a spec names other files, and one in a tab that was never shown has no document. */
  #watchDisk(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher("**/*");
    return vscode.Disposable.from(
      watcher,
      ...[watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete].map((event) =>
        event((uri) => (this.#isCleanModule(uri) ? this.#checkAllSoon() : this.#checkSoon())),
      ),
    );
  }

  /** A clean document whose text changes was written by another program, or reverted. */
  #changed({ document: { uri, isDirty }, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (this.#isOpenModule(uri) && !isDirty && contentChanges.length > 0) this.#checkAllSoon();
    else if (this.#open.has(uri.toString())) this.#checkSoon();
  }

  /** A module runs as it is on disk, also where its document has missed that another program wrote it. */
  #isCleanModule(uri: vscode.Uri): boolean {
    return this.#isOpenModule(uri) && openDocument(uri)?.isDirty !== true;
  }

  #isOpenModule(uri: vscode.Uri): boolean {
    return isSpecModule(uri) && this.#open.has(uri.toString());
  }

  /** Not put off by what follows, which may never end: a program may write files all the time. */
  #checkSoon(): void {
    this.#timers.files ??= setTimeout(() => {
      this.#timers.files = undefined;
      this.#checkAll((uri) => !isSpecModule(uri));
    }, gatherMs);
  }

  /** Modules are run, too. */
  #checkAllSoon(): void {
    this.#checkSoon();
    this.#timers.modules ??= setTimeout(() => {
      this.#timers.modules = undefined;
      this.#checkAll(isSpecModule);
    }, gatherSavesMs);
  }

  #checkAll(isMeant: (uri: vscode.Uri) => boolean): void {
    for (const { uri } of this.#open.values()) if (isMeant(uri)) void this.#check(uri);
  }

  async #check(uri: vscode.Uri): Promise<void> {
    const open = this.#open.get(uri.toString());
    if (!open) return;
    try {
      await (isSpecModule(uri) ? this.#checkModule(open) : this.#checkFile(open));
    } catch (error) {
      this.services.log.warn(messageOf(error));
    }
  }

  /** A check runs to its end, so that there are findings even if changes never stop. */
  async #checkFile(open: OpenSpec): Promise<void> {
    const wasRunning = open.check !== undefined;
    open.check = wasRunning ? "again" : "running";
    if (wasRunning) return;
    try {
      await this.#showProblems(open);
    } finally {
      const again = this.#isAgain(open);
      open.check = undefined;
      if (again) void this.#check(open.uri);
    }
  }

  #isAgain({ check }: OpenSpec): boolean {
    return check === "again";
  }

  async #showProblems(open: OpenSpec): Promise<void> {
    const { uri } = open;
    const [{ readImageSpec }, { allowedPlaceProblems }, text] = await Promise.all([
      import("../../core/image/spec/readImageSpec"),
      import("../../core/image/spec/allowedPlaceProblems"),
      textOf(uri),
    ]);
    // Without a file there is nothing to say; a build says that it is gone.
    const spec = text === undefined ? undefined : readImageSpec(text, uri.path);
    const own = spec?.problems ?? [];
    // The text's own problems don't wait for the secret storage.
    if (!this.#shown.has(uri.toString())) this.#showIfOpen(open, own);
    const placed = spec && uri.scheme === "file" ? await allowedPlaceProblems(spec, await this.#places(uri, spec)) : [];
    this.#showIfOpen(open, [...own, ...placed]);
  }

  /** Finds the destination of the image only if files outside the workspace are met, since a registry may be asked. */
  async #places(uri: vscode.Uri, { image }: ImageSpec): Promise<ImageBuildOptions> {
    const places = await placesOf(this.services, uri);
    if (!image) return places;
    const target = { push: "ifPossible", manner: "quiet" } as const;
    let confirm: Promise<ConfirmOutside> | undefined;
    const find = async (): Promise<ConfirmOutside> =>
      confirmOutside(this.services, uri, await destinationOf(this.services, uri, image, target), target);
    return { ...places, confirmOutside: async (uses, signal) => (await (confirm ??= find()))(uses, signal) };
  }

  #showIfOpen(open: OpenSpec, problems: readonly SpecProblem[]): void {
    if (this.#open.get(open.uri.toString()) === open) this.#show(open.uri, problems);
  }

  #show(uri: vscode.Uri, problems: readonly SpecProblem[]): void {
    const shown = problems.map((problem) => ({ problem, diagnostic: diagnosticOf(problem) }));
    this.#shown.set(uri.toString(), shown);
    this.#draw(uri);
  }

  /** Shows all marks of a file together: the collection keeps only what was set last. */
  #draw(file: vscode.Uri): void {
    const key = file.toString();
    const failures = [...this.#failed.values()].filter((failed) => failed.file.toString() === key);
    const diagnostics = [...(this.#shown.get(key) ?? []), ...failures].map(({ diagnostic }) => diagnostic);
    // Modules that fail for the same reason have one mark.
    this.#collection.set(file, [...new Map(diagnostics.map((each) => [wordsOf(each), each])).values()]);
  }

  /** Ends the run of the module that hasn't ended: it would go on for as long as the module does. */
  async #checkModule(open: OpenSpec): Promise<void> {
    const { uri } = open;
    open.run?.abort();
    const { signal } = (open.run = new AbortController());
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
    const before = this.#failed.get(module.toString());
    this.#failed.delete(module.toString());
    if (before) this.#draw(before.file);
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
    this.#failed.set(module.toString(), { file, diagnostic });
    this.#draw(file);
  }
}

/** Returns the editor's text, otherwise the file's: the tab of a file may be open without a document. */
async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const document = openDocument(uri);
  return document ? document.getText() : (await readSource(uri))?.toString("utf8").replace(/^\uFEFF/, "");
}

function wordsOf({ code, message, range: { start, end } }: vscode.Diagnostic): string {
  return JSON.stringify([start, end, code, message]);
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
