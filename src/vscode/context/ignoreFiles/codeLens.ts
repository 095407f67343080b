import * as vscode from "vscode";
import type { LineFacts } from "../../../core/context/explain/lineFacts";
import type { LintState } from "../../../core/context/lint/state/lintState";
import { formatAmount, formatEmptyFolders, formatFiles } from "../../ui/amounts";
import type { HeldModel, WithIgnoreModels } from "../model/ignoreModels";
import { formatBytes } from "../../../core/text/format";
import { showsCodeLens } from "../../platform/settings";
import { newCodeLens } from "../../ui/editor";
import { lineIn } from "./heldState";
import { isOnFileSystem } from "../../platform/fileKinds";

/** Shows above each rule of an ignore file what it matches in the folder, and at the top the total that is sent. */
export class IgnoreCodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  /** Models of the documents for which lenses were requested, by URI; held to receive their changes. */
  readonly #held = new Map<string, Promise<HeldModel | undefined>>();
  readonly #closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#letGo(uri.toString()));

  constructor(
    private readonly services: WithIgnoreModels,
    private readonly changed: vscode.EventEmitter<void>,
  ) {}

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[] | undefined> {
    if (!isOnFileSystem(document.uri) || !showsCodeLens(document.uri)) return [];
    const held = await this.#hold(document.uri);
    // There is nothing to show until the folder has been read, which fires a change event.
    if (!held?.model.folder.evaluator) return [];
    const [state, { factsOfLines }] = await Promise.all([
      held.model.state(),
      import("../../../core/context/explain/lineFacts"),
    ]);
    const facts = token.isCancellationRequested ? undefined : await factsOfLines(state);
    const total = facts && (await totalLens(state, held.model.folder.uri));
    if (!facts || token.isCancellationRequested) return undefined;
    const lenses = facts.flatMap((each) => {
      const line = lineIn(document, each.written);
      return line ? [newCodeLens(line.range, { title: titleOf(each), command: "" })] : [];
    });
    return total ? [total, ...lenses] : lenses;
  }

  dispose(): void {
    this.#closing.dispose();
    for (const key of [...this.#held.keys()]) this.#letGo(key);
  }

  #hold(uri: vscode.Uri): Promise<HeldModel | undefined> {
    const key = uri.toString();
    const known = this.#held.get(key);
    if (known) return known;
    const holding = this.services.ignoreModels.ofFile(uri).then((held) => {
      if (!held) return undefined;
      const changes = held.model.onDidChange(() => this.changed.fire());
      return { model: held.model, dispose: () => vscode.Disposable.from(changes, held).dispose() };
    });
    this.#held.set(key, holding);
    return holding;
  }

  #letGo(key: string): void {
    void this.#held.get(key)?.then((held) => held?.dispose());
    this.#held.delete(key);
  }
}

async function totalLens({ view }: LintState, folder: vscode.Uri): Promise<vscode.CodeLens | undefined> {
  if (!view) return undefined;
  const { sent } = await view.evaluate();
  const all = view.tree.filesOf(view.tree.root);
  const title = vscode.l10n.t(
    "sends {0} of {1} · {2} — Show Build Context",
    sent.files.toLocaleString(),
    formatFiles(all),
    formatBytes(sent.bytes),
  );
  return newCodeLens(new vscode.Range(0, 0, 0, 0), {
    title,
    command: "imageBuilders.showBuildContext",
    arguments: [folder],
  });
}

function titleOf({ written, matched, emptyFolders, decided }: LineFacts): string {
  if (matched.files === 0)
    return emptyFolders > 0
      ? vscode.l10n.t("matches {0}", formatEmptyFolders(emptyFolders))
      : vscode.l10n.t("no matches");
  if (decided.files === 0) return vscode.l10n.t("matches {0}, no effect", formatFiles(matched.files));
  return written.pattern.exception
    ? vscode.l10n.t("includes {0}", formatAmount(decided))
    : vscode.l10n.t("matches {0}", formatAmount(matched));
}
