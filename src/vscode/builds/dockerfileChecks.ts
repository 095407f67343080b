import { posix } from "node:path";
import * as vscode from "vscode";
import { ImageBuilderError, messageOf } from "../../core/base/errors";
import type { DockerfileFinding } from "../../core/engine/checkResult";
import type { WithCore } from "../access/coreAccess";
import type { WithIgnoreModels } from "../context/model/ignoreModels";
import { isDockerfile, isIgnoreFile } from "../platform/fileKinds";
import type { WithLog } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import { readSource } from "../platform/readSource";
import { checksDockerfiles, onDidChangeSettings } from "../platform/settings";
import { OpenFiles } from "../ui/openFiles";
import type { BuildProblem, WithDiagnostics } from "./buildDiagnostics";

/** Time in milliseconds without further key presses before a text is checked. */
const quietMs = 500;

/** Docker's own extension, which runs the same checks. */
const dockerDx = "docker.docker";

/** Services of the checks. */
type Services = WithCore & WithDiagnostics & WithIgnoreModels & WithLog & WithMemory;

/** Last check of an open document, which may not have begun yet. */
interface Check {
  readonly document: vscode.TextDocument;
  readonly stop: AbortController;
}

/**
 * Runs BuildKit's checks on Dockerfiles that are shown in an editor, also on unsaved text. Never prompts, and never
 * contacts a daemon in Restricted Mode, or one that the workspace selects and the person has not allowed.
 */
export class DockerfileChecks implements vscode.Disposable {
  readonly #checks = new Map<string, Check>();
  readonly #subscriptions: vscode.Disposable;

  /** @param changed fires when consents may have changed */
  constructor(
    private readonly services: Services,
    changed: vscode.Event<void>,
  ) {
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.onDidChangeVisibleTextEditors(() => this.#follow()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#textChanged(document.uri);
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => isIgnoreFile(uri) && this.#checkAll()),
      new OpenFiles(
        isMeant,
        () => this.#follow(),
        (uri) => this.#end(uri),
      ),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#checkAll()),
      vscode.extensions.onDidChange(() => this.#checkAll()),
      onDidChangeSettings(() => this.#checkAll()),
      changed(() => this.#checkAll()),
    );
    this.#follow();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const { stop } of this.#checks.values()) stop.abort();
  }

  /** Checks the documents that are shown for the first time since they were opened. */
  #follow(): void {
    for (const { document } of vscode.window.visibleTextEditors)
      if (isMeant(document.uri) && !this.#checks.has(document.uri.toString())) this.#begin(document, 0);
  }

  #textChanged(uri: vscode.Uri): void {
    if (isIgnoreFile(uri)) return this.#checkAll();
    const checked = this.#checks.get(uri.toString());
    if (checked) this.#begin(checked.document, quietMs);
  }

  #checkAll(): void {
    for (const { document } of [...this.#checks.values()]) this.#begin(document, quietMs);
  }

  #end(uri: vscode.Uri): void {
    const check = this.#checks.get(uri.toString());
    if (!check) return;
    check.stop.abort();
    this.#checks.delete(uri.toString());
    this.services.diagnostics.showChecks(check.document, []);
  }

  #begin(document: vscode.TextDocument, delayMs: number): void {
    const key = document.uri.toString();
    this.#checks.get(key)?.stop.abort();
    const check: Check = { document, stop: new AbortController() };
    this.#checks.set(key, check);
    const timer = setTimeout(() => void this.#run(check), delayMs);
    check.stop.signal.addEventListener("abort", () => clearTimeout(timer));
  }

  async #run({ document, stop: { signal } }: Check): Promise<void> {
    let found: readonly DockerfileFinding[] = [];
    try {
      found = (isChecked(document.uri) && (await this.#findingsIn(document, signal))) || [];
    } catch (error) {
      // Without a daemon, or one that may be contacted, nothing is checked.
      if (!signal.aborted && !ImageBuilderError.is(error, "sourceNotConfirmed"))
        this.services.log.debug(`BuildKit's checks did not run: ${messageOf(error)}`);
    }
    if (!signal.aborted) this.services.diagnostics.showChecks(document, found.flatMap(problemOf));
  }

  /** Checks the text as the last build of the Dockerfile, with its ignore file, would read it. */
  async #findingsIn(
    document: vscode.TextDocument,
    signal: AbortSignal,
  ): Promise<readonly DockerfileFinding[] | undefined> {
    const { uri } = document;
    const { core, memory } = this.services;
    const file = uri.fsPath;
    const [{ checkDockerfile }, { services }, ignoreFile] = await Promise.all([
      import("../../core/engine/checkDockerfile"),
      core.get("quiet"),
      this.#ignoreFileOf(uri),
    ]);
    const client = await services.engine.client();
    signal.throwIfAborted();
    const last = memory.recall(memory.recallContext(file) ?? "");
    const { buildArgs, target, platform } = (last.dockerfile === file && last.options) || {};
    const text = document.getText();
    return checkDockerfile(
      client,
      {
        dockerfile: { file, name: posix.basename(uri.path), bytes: Buffer.from(text), text },
        ignoreFile,
        options: { buildArgs, target, platform: platform?.split(",")[0] },
      },
      signal,
    );
  }

  async #ignoreFileOf(dockerfile: vscode.Uri): Promise<Buffer | undefined> {
    const held = await this.services.ignoreModels.ofFile(dockerfile);
    try {
      return held && (await readSource(held.model.uri));
    } finally {
      held?.dispose();
    }
  }
}

function isMeant(uri: vscode.Uri): boolean {
  return uri.scheme === "file" && isDockerfile(uri);
}

function isChecked(uri: vscode.Uri): boolean {
  return vscode.workspace.isTrusted && checksDockerfiles(uri) && vscode.extensions.getExtension(dockerDx) === undefined;
}

function problemOf({
  severity,
  rule,
  message,
  description,
  url,
  location,
  isOfRegistry,
}: DockerfileFinding): BuildProblem[] {
  if (isOfRegistry) return [];
  const text = description === undefined || description === message ? message : `${message}\n${description}`;
  return [{ severity, message: text, location, code: rule, url }];
}
