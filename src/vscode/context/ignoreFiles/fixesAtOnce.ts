import * as vscode from "vscode";
import type { FixesTogether } from "../../../core/context/lint/fixTogether";
import type { Finding } from "../../../core/context/lint/state/finding";
import { newCodeAction } from "../../ui/editor";
import { offeredEditOf } from "../model/fixEdit";
import { fixTitle } from "./fixTitle";
import type { ShownFinding } from "./publishedFindings";

/** Findings that are fixed at once, and the words for it. */
interface Choice {
  readonly findings: readonly ShownFinding[];
  readonly titleOf: (fixes: FixesTogether) => string;
  readonly isOffered: (fixes: FixesTogether) => boolean;
}

/** Quick fixes that fix several findings of a file at once, after all have been tried together. */
export class FixesAtOnce {
  /** Results by the first finding, as long as the findings exist. */
  readonly #known = new WeakMap<Finding, Map<number, Promise<FixesTogether | undefined>>>();

  /** Returns the actions for the findings in a file. */
  async actionsFor(all: readonly ShownFinding[]): Promise<vscode.CodeAction[]> {
    const actions: vscode.CodeAction[] = [];
    for (const model of new Set(all.map((each) => each.model)))
      for (const choice of choicesOf(all.filter((each) => each.model === model)))
        actions.push(...(await this.#actionFor(choice)));
    return actions;
  }

  async #actionFor({ findings, titleOf, isOffered }: Choice): Promise<vscode.CodeAction[]> {
    const [first] = findings;
    if (!first || findings.length < 2) return [];
    const fixes = await this.#fixesOf(first, findings);
    if (!fixes || !isOffered(fixes)) return [];
    const edit = await offeredEditOf(fixes, first.model, first.hasMark);
    if (!edit) return [];
    const action = newCodeAction(fixTitle(titleOf(fixes), fixes.effect, first), vscode.CodeActionKind.QuickFix);
    action.edit = edit;
    action.diagnostics = findings.map(({ diagnostic }) => diagnostic);
    return [action];
  }

  #fixesOf({ finding, model }: ShownFinding, findings: readonly ShownFinding[]): Promise<FixesTogether | undefined> {
    const known = this.#known.get(finding) ?? new Map<number, Promise<FixesTogether | undefined>>();
    this.#known.set(finding, known);
    const codes = new Set(findings.map((each) => each.finding.code));
    const fixes =
      known.get(findings.length) ?? model.fixTogether(({ file, code }) => file === finding.file && codes.has(code));
    known.set(findings.length, fixes);
    fixes.catch(() => known.delete(findings.length));
    return fixes;
  }
}

function choicesOf(findings: readonly ShownFinding[]): Choice[] {
  const secrets = findings.filter(({ finding }) => finding.code === "secret-sent");
  return [
    {
      findings: secrets,
      titleOf: () => vscode.l10n.t("Exclude all secrets"),
      isOffered: ({ rest }) => rest === 0,
    },
    ...(secrets.length === findings.length
      ? []
      : [
          {
            findings,
            titleOf: ({ fixed, rest }: FixesTogether) =>
              rest === 0
                ? vscode.l10n.t("Fix all {0} problems in this file", fixed)
                : vscode.l10n.t("Fix {0} of {1} problems in this file", fixed, fixed + rest),
            isOffered: () => true,
          },
        ]),
  ];
}
