import * as vscode from "vscode";
import { ImageBuilderError, messageOf } from "../../../core/base/errors";
import type { WithRefresh } from "../../platform/host";
import { onDidChangeSettings } from "../../platform/settings";
import { BaseUsers } from "./baseUsers";
import { commentLines } from "./commentLines";
import { contextText } from "./contextText";
import { specLabel } from "./specFiles";
import type { ImageSpecs } from "./imageSpecs";
import { planSpec, type SpecServices } from "./specPlan";

const scheme = "image-builders-spec";
const settleMs = 150;

/** Content of a preview. */
type PreviewKind = "dockerfile" | "context";

const suffixes = { dockerfile: ".Dockerfile", context: " (context).txt" } as const satisfies Record<
  PreviewKind,
  string
>;

/** Returns the spec that a document is a preview of; undefined for other documents. */
export function previewedSpec(document: vscode.Uri): vscode.Uri | undefined {
  return document.scheme === scheme ? vscode.Uri.parse(document.query) : undefined;
}

/** Provides read-only previews of specs, updated while typing: the Dockerfile, and the files that would be sent. */
export class SpecPreviews implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  /** Last text without an error, by the preview's URI. */
  readonly #shown = new Map<string, string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Aborts the creation of a preview, by the preview's URI. */
  readonly #making = new Map<string, AbortController>();
  readonly #baseUsers: BaseUsers;
  readonly #subscriptions: vscode.Disposable;

  constructor(
    private readonly services: SpecServices & WithRefresh,
    private readonly images: ImageSpecs,
  ) {
    this.#baseUsers = new BaseUsers(services);
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      images.onDidChange((spec) => this.#update(spec)),
      onDidChangeSettings(() => this.#update(undefined)),
      services.refresh.event(() => this.#update(undefined)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#update(undefined)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri.toString())),
    );
  }

  async provideTextDocumentContent(preview: vscode.Uri): Promise<string | undefined> {
    const spec = vscode.Uri.parse(preview.query);
    const key = preview.toString();
    this.#making.get(key)?.abort();
    const making = new AbortController();
    this.#making.set(key, making);
    const { signal } = making;
    try {
      const text =
        preview.fragment === "context" ? await this.#context(spec, signal) : await this.#dockerfile(spec, signal);
      this.#shown.set(key, text);
      return text;
    } catch (error) {
      if (signal.aborted) return this.#shown.get(key);
      if (!ImageBuilderError.is(error)) throw error;
      const place = error.location
        ? vscode.l10n.t("{0}, line {1}", specLabel(spec), error.location.line)
        : specLabel(spec);
      const problem = commentLines(`${place}: ${messageOf(error)}`);
      const before = this.#shown.get(key);
      return before === undefined ? problem : `${problem}# ${vscode.l10n.t("Previous version:")}\n\n${before}`;
    }
  }

  /** Opens a preview next to its spec. */
  async show(spec: vscode.Uri, kind: PreviewKind): Promise<void> {
    // Changes are reported only after specs have been listed once.
    await this.images.list();
    const uri = spec.with({
      scheme,
      authority: "",
      path: spec.path.replace(/\.\w+$/, suffixes[kind]),
      query: spec.toString(),
      fragment: kind,
    });
    const opened = await vscode.workspace.openTextDocument(uri);
    const document =
      kind === "dockerfile" ? await vscode.languages.setTextDocumentLanguage(opened, "dockerfile") : opened;
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const making of this.#making.values()) making.abort();
    this.#subscriptions.dispose();
  }

  #update(spec: vscode.Uri | undefined): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme !== scheme || (spec && uri.query !== spec.toString())) continue;
      clearTimeout(this.#timers.get(uri.toString()));
      this.#timers.set(
        uri.toString(),
        setTimeout(() => this.#changed.fire(uri), settleMs),
      );
    }
  }

  #forget(key: string): void {
    this.#shown.delete(key);
    this.#making.get(key)?.abort();
    this.#making.delete(key);
  }

  async #dockerfile(spec: vscode.Uri, signal: AbortSignal): Promise<string> {
    const [plan, { imagePreview }] = await Promise.all([
      planSpec(this.services, spec, { push: "ifPossible", manner: "quiet" }, signal),
      import("../../../core/image/plan/imageBuild"),
    ]);
    const baseUser = await this.#baseUsers.userFor(plan, signal);
    return (
      imagePreview(plan, { ...plan.places, baseUser })?.text ??
      `# ${vscode.l10n.t("No build is needed: the image is another name for this one.")}\nFROM ${plan.uri}\n`
    );
  }

  async #context(spec: vscode.Uri, signal: AbortSignal): Promise<string> {
    const [plan, { imagePreview }] = await Promise.all([
      planSpec(this.services, spec, { push: "ifPossible", manner: "quiet" }, signal),
      import("../../../core/image/plan/imageBuild"),
    ]);
    const files = (await imagePreview(plan, { ...plan.places, signal })?.files()) ?? new Map();
    return contextText(files, plan.places.root);
  }
}

/** Gives access to the extension's `SpecPreviews`. */
export interface WithSpecPreviews {
  readonly specPreviews: SpecPreviews;
}
