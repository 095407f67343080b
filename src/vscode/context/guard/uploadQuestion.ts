import { basename } from "node:path";
import * as vscode from "vscode";
import type { KeepOutPlan } from "../../../core/context/review/planKeepOut";
import type { Operation } from "../../../core/operation/operation";
import { effectText } from "../model/effectText";
import { pick, type Choice } from "../../ui/quickInput";
import { linesOf } from "./uploadTexts";

/** What a person wants: all of it sent, a plan carried out first, or nothing sent at all. */
export type UploadAnswer = "send" | KeepOutPlan | undefined;

type Action = "send" | "stop" | KeepOutPlan | (() => Thenable<unknown>);

/** A thing that the question is about; picking it shows it, and the question stays. */
export interface UploadRow {
  /** A ThemeIcon's id. */
  readonly icon: string;
  readonly label: string;
  readonly description: string;
  readonly show: () => Thenable<unknown>;
}

/** What to ask before an upload. */
export interface UploadQuestion {
  readonly title: string;
  readonly placeholder: string;
  /** What can be kept out, by what the choice is called. */
  readonly plans: readonly { readonly label: string; readonly plan: KeepOutPlan }[];
  readonly rows: readonly UploadRow[];
  readonly operation: Pick<Operation, "log" | "signal">;
}

/** Asks whether to send; what sends everything is never the proposal. */
export async function askUpload({ title, placeholder, plans, rows, operation }: UploadQuestion): Promise<UploadAnswer> {
  const isPossible = plans.filter(({ plan }) => plan.broken.length === 0);
  const choices: Choice<Action>[] = [
    ...isPossible.map(planChoice),
    { icon: "circle-slash", label: vscode.l10n.t("Do Not Build"), value: "stop" },
    {
      icon: "cloud-upload",
      label: vscode.l10n.t("Send Anyway"),
      description: vscode.l10n.t("don't ask again about these in this folder"),
      value: "send",
    },
    { label: vscode.l10n.t("To be sent"), kind: vscode.QuickPickItemKind.Separator, value: "stop" },
    ...rows.map(({ show, ...row }) => ({ ...row, value: show })),
  ];
  operation.log.info(vscode.l10n.t("Waiting for an answer: {0}.", placeholder));
  for (;;) {
    const answer = await pick<Action>({ title, placeholder, choices, canGoBack: false, signal: operation.signal });
    if (typeof answer === "function") await answer();
    else return typeof answer === "symbol" || answer === "stop" ? undefined : answer;
  }
}

function planChoice({ label, plan }: UploadQuestion["plans"][number]): Choice<Action> {
  return {
    icon: "shield",
    label,
    description: vscode.l10n.t("adds {0} to {1}", linesOf(plan), basename(plan.ignoreFile)),
    detail: effectText(plan.effect),
    value: plan,
  };
}
