import * as vscode from "vscode";
import type { ChangePlan } from "../../../core/context/overview/changePlan";
import type { LintState } from "../../../core/context/lint/state/lintState";
import { ImageBuilderError } from "../../../core/base/errors";
import { editOf } from "./fixEdit";
import { showWarningMessage } from "../../ui/messages";
import type { ContextTarget } from "./target";
import { effectText } from "./effectText";
import { changeIgnoreFile } from "./writeIgnoreFile";

/** Contents of the prompt before paths are excluded or included again. */
export interface ChangeQuestion {
  readonly plan: (state: LintState, paths: readonly string[]) => Promise<ChangePlan | undefined>;
  readonly title: string;
  readonly yes: string;
  /** Error message if no rule has the requested effect. */
  readonly impossible: string;
}

/**
 * Applies a planned change to the ignore file of a build context, after the person has confirmed its effect.
 *
 * @returns whether the file was changed
 * @throws ImageBuilderError `optionInvalid` if no rule has the requested effect or the file can't be written
 */
export async function changeContext({ live, paths }: ContextTarget, question: ChangeQuestion): Promise<boolean> {
  const { model } = live;
  if (!model) return false;
  for (;;) {
    const state = await model.state();
    const plan = await question.plan(state, paths);
    if (!plan) throw new ImageBuilderError("optionInvalid", question.impossible);
    const detail = detailOf(plan, model.file);
    const answer = await showWarningMessage(question.title, { modal: true, detail }, question.yes);
    if (answer !== question.yes) return false;
    // The shown effect only applies to the text and files that it was computed from.
    const now = await model.state();
    if (now !== state && !isSame(plan, await question.plan(now, paths))) continue;
    await changeIgnoreFile(model.uri, await editOf(plan.fix, model, now.ignore.hasMark));
    await live.update();
    return true;
  }
}

function detailOf({ fix, effect, broken }: ChangePlan, file: string): string[] {
  const change = vscode.l10n.t("{0}: {1}.", file, fix.title);
  const told = effectText(effect);
  const warnings = broken.map(({ file: dockerfile = "", range, message }) =>
    vscode.l10n.t("Warning: {0}, line {1}: {2}", dockerfile, range.line, message),
  );
  return [change, ...(told === undefined ? [] : [vscode.l10n.t("This {0}.", told)]), ...warnings];
}

function isSame(plan: ChangePlan, other: ChangePlan | undefined): boolean {
  return (
    JSON.stringify([plan.fix.edits, plan.effect, plan.broken]) ===
    JSON.stringify(other && [other.fix.edits, other.effect, other.broken])
  );
}
