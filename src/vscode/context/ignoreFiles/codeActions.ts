import * as vscode from "vscode";
import type { Fix, FixEffect } from "../../../core/context/lint/state/finding";
import { newCodeAction } from "../../ui/editor";
import type { FindingDiagnostics } from "./diagnostics";
import { offeredEditOf } from "../model/fixEdit";
import { FixesAtOnce } from "./fixesAtOnce";
import { fixTitle } from "./fixTitle";
import type { ShownFinding } from "./publishedFindings";
import { rangeOf } from "../../platform/ranges";

/**
 * Quick fixes for findings. The title of each fix states its effect, which is computed before the fix is offered.
 */
export class FindingActions implements vscode.CodeActionProvider {
  /** Effects of the fixes while their findings exist. VS Code requests actions whenever the cursor moves. */
  readonly #effects = new WeakMap<Fix, Promise<FixEffect | undefined>>();
  readonly #together = new FixesAtOnce();

  constructor(private readonly diagnostics: FindingDiagnostics) {}

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { only }: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    if (only && !only.contains(vscode.CodeActionKind.QuickFix)) return [];
    const { version } = document;
    const actions: vscode.CodeAction[] = [];
    const all = await this.diagnostics.findingsIn(document.uri);
    const shown = all.filter(({ diagnostic }) => diagnostic.range.intersection(range));
    for (const each of shown) {
      actions.push(...(await this.#fixes(each)));
      if (token.isCancellationRequested) return [];
    }
    if (shown.length > 0) actions.push(...(await this.#together.actionsFor(all)));
    for (const each of shown) actions.push(...(await silencing(each, document)), severityChange(each));
    // The ranges would be wrong for a newer version of the text.
    return document.version === version ? distinct(actions) : [];
  }

  /** Returns the fixes that have an effect, best first. */
  async #fixes(shown: ShownFinding): Promise<vscode.CodeAction[]> {
    const actions: vscode.CodeAction[] = [];
    for (const fix of shown.finding.fixes) {
      const effect = await this.#effectOf(fix);
      const edit = effect && (await offeredEditOf(fix, shown.model, shown.hasMark));
      if (!edit) continue;
      const action = newCodeAction(fixTitle(fix.title, effect, shown), vscode.CodeActionKind.QuickFix);
      action.edit = edit;
      action.diagnostics = [shown.diagnostic];
      action.isPreferred = actions.length === 0;
      actions.push(action);
    }
    return actions;
  }

  #effectOf(fix: Fix): Promise<FixEffect | undefined> {
    const known = this.#effects.get(fix);
    if (known) return known;
    const effect = fix.effect();
    this.#effects.set(fix, effect);
    effect.catch(() => this.#effects.delete(fix));
    return effect;
  }
}

/** Merges actions with the same title, such as those of two findings of one kind in a line. */
function distinct(actions: readonly vscode.CodeAction[]): vscode.CodeAction[] {
  const byTitle = new Map<string, vscode.CodeAction>();
  for (const action of actions) {
    const known = byTitle.get(action.title);
    if (known) known.diagnostics = [...(known.diagnostics ?? []), ...(action.diagnostics ?? [])];
    else byTitle.set(action.title, action);
  }
  return [...byTitle.values()];
}

/**
 * Returns the action that suppresses a finding with a comment above its line. Not for UTF-16: builders don't decode it
 * and see no comments.
 */
async function silencing(
  { finding, diagnostic }: ShownFinding,
  document: vscode.TextDocument,
): Promise<vscode.CodeAction[]> {
  const { silencingEdit } = await import("../../../core/context/lint/state/silences");
  const edit = document.encoding.startsWith("utf16")
    ? undefined
    : silencingEdit(document.getText().split(/\r?\n/), finding.range.line, finding.code);
  if (!edit) return [];
  const action = newCodeAction(
    vscode.l10n.t('Suppress "{0}" with a comment above', finding.code),
    vscode.CodeActionKind.QuickFix,
  );
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, rangeOf(edit.range), edit.newText);
  action.diagnostics = [diagnostic];
  return [action];
}

function severityChange({ finding, diagnostic }: ShownFinding): vscode.CodeAction {
  const action = newCodeAction(
    vscode.l10n.t('Change the severity of "{0}"...', finding.code),
    vscode.CodeActionKind.QuickFix,
  );
  action.command = {
    command: "workbench.action.openSettings",
    title: action.title,
    arguments: ["imageBuilders.findings"],
  };
  action.diagnostics = [diagnostic];
  return action;
}
