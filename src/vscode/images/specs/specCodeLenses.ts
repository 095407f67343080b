import * as vscode from "vscode";
import { isOnFileSystem } from "../../platform/fileKinds";
import { newCodeLens } from "../../ui/editor";
import type { ImageState, ImageStates } from "./imageStates";
import { showsCodeLens } from "../../platform/settings";

/** Shows actions and the state of the image at the top of a spec. */
export class SpecCodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(private readonly states: ImageStates) {
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      states.onDidChange(() => this.#changed.fire()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire()),
    );
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    if (!isOnFileSystem(uri) || !showsCodeLens(uri)) return [];
    const lens = (title: string, name: string): vscode.CodeLens =>
      newCodeLens(new vscode.Range(0, 0, 0, 0), { title, command: `imageBuilders.${name}`, arguments: [uri] });
    const state = this.states.of(uri);
    const decision = state?.kind === "problem" ? state.needs : undefined;
    const words = stateWords(state);
    return [
      ...(vscode.workspace.isTrusted
        ? [
            lens(vscode.l10n.t("Build and Push"), "buildAndPushImageSpec"),
            lens(vscode.l10n.t("Build"), "buildImageSpec"),
          ]
        : []),
      lens(vscode.l10n.t("Preview Dockerfile"), "previewDockerfile"),
      ...(decision === "outsideFiles" || decision === "source"
        ? [lens(vscode.l10n.t("Review and Allow..."), "confirmSpecSources")]
        : []),
      ...(decision === "trust" ? [lens(vscode.l10n.t("Manage Workspace Trust"), "manageWorkspaceTrust")] : []),
      ...(words === undefined ? [] : [lens(words, "copyImageUri")]),
    ];
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

/** Describes the state with a shortened tag, because the full tag has 64 digits. */
function stateWords(state: ImageState | undefined): string | undefined {
  if (!state || !("plan" in state)) return undefined;
  const name = state.plan.uri.replace(/(:[0-9a-f]{12})[0-9a-f]{52}$/, "$1…");
  if (state.kind !== "known") return name;
  if (state.existence.kind === "exists") return vscode.l10n.t("{0} exists", name);
  return state.existence.kind === "absent" ? vscode.l10n.t("{0} is not built yet", name) : name;
}
