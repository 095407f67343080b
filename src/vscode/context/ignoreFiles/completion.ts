import * as vscode from "vscode";
import type { Proposal } from "../../../core/context/propose/proposals";
import { formatAmount } from "../../ui/amounts";
import type { WithIgnoreModels } from "../model/ignoreModels";
import { newCompletionItem } from "../../ui/editor";
import { withState } from "./heldState";

const kinds = {
  folder: vscode.CompletionItemKind.Folder,
  file: vscode.CompletionItemKind.File,
  pattern: vscode.CompletionItemKind.Snippet,
} as const satisfies Record<Proposal["kind"], vscode.CompletionItemKind>;

/** Completes rules with paths that exist and are still sent, and shows how much each rule would exclude. */
export class IgnoreCompletions implements vscode.CompletionItemProvider {
  constructor(private readonly services: WithIgnoreModels) {}

  provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionItem[] | undefined> {
    const before = document.lineAt(position.line).text.slice(0, position.character);
    if (before.startsWith("#")) return Promise.resolve(undefined);
    const [, lead = "", typed = ""] = /^(\s*(?:!\s*)?)(.*)$/s.exec(before) ?? [];
    const isException = lead.includes("!");
    const range = new vscode.Range(position.line, lead.length, position.line, position.character);
    return withState(this.services, document, token, async (state) => {
      const { proposalsFor } = await import("../../../core/context/propose/proposals");
      const stopping = new AbortController();
      const cancelling = token.onCancellationRequested(() => stopping.abort());
      try {
        const proposals = await proposalsFor(state, { line: position.line + 1, isException, typed }, stopping.signal);
        const items = [...proposals]
          .sort(byWorth)
          .map((proposal, index) => itemOf(proposal, index, range, isException));
        return before.trim() === "" && state.lines.length > 0 ? [...items, exclamationMark(range)] : items;
      } catch (error) {
        if (stopping.signal.aborted) return undefined;
        throw error;
      } finally {
        cancelling.dispose();
      }
    });
  }
}

/** Sorts folders first, and by size within each kind; patterns without matches come last. */
function byWorth(a: Proposal, b: Proposal): number {
  const rank = ({ kind, files }: Proposal): number =>
    files === 0 && kind === "pattern" ? 3 : { folder: 0, pattern: 1, file: 2 }[kind];
  return rank(a) - rank(b) || b.bytes - a.bytes || a.text.localeCompare(b.text);
}

function itemOf(
  { text, kind, files, bytes, what }: Proposal,
  index: number,
  range: vscode.Range,
  isException: boolean,
): vscode.CompletionItem {
  const amount = formatAmount({ files, bytes });
  const detail =
    files === 0
      ? vscode.l10n.t("no matches yet")
      : isException
        ? vscode.l10n.t("includes {0}", amount)
        : vscode.l10n.t("stops sending {0}", amount);
  const texts = {
    label: kind === "folder" ? `${text}/` : text,
    description: files > 0 ? amount : undefined,
    detail,
    documentation: what,
  };
  const item = newCompletionItem(texts, kinds[kind], text);
  item.range = range;
  item.sortText = String(index).padStart(6, "0");
  if (kind === "folder") item.commitCharacters = ["/"];
  return item;
}

function exclamationMark(range: vscode.Range): vscode.CompletionItem {
  const texts = {
    label: "!",
    description: vscode.l10n.t("exception"),
    detail: vscode.l10n.t("Includes files again that rules above exclude"),
  };
  const item = newCompletionItem(texts, vscode.CompletionItemKind.Operator, "!");
  item.range = range;
  item.sortText = "~";
  item.command = { command: "editor.action.triggerSuggest", title: "" };
  return item;
}
