import { basename } from "node:path";
import * as vscode from "vscode";
import type { KeepOutPlan } from "../../../core/context/review/planKeepOut";
import type { Operation } from "../../../core/operation/operation";
import { effectText } from "../model/effectText";
import { pick, type Choice } from "../../ui/quickInput";
import { linesOf } from "./uploadTexts";

/** Answer: send everything, apply a plan first, or (undefined) send nothing. */
export type UploadAnswer = "send" | KeepOutPlan | undefined;

type Action = "send" | "stop" | KeepOutPlan | (() => Thenable<unknown>);

/** Row for one item of the upload. Selecting it shows the item and keeps the prompt open. */
export interface UploadRow {
  /** Id of a ThemeIcon. */
  readonly icon: string;
  readonly label: string;
  readonly description: string;
  readonly show: () => Thenable<unknown>;
}

/** Contents of the prompt before an upload. */
export interface UploadQuestion {
  readonly title: string;
  readonly placeholder: string;
  /** Plans that exclude paths, with the labels of their choices. */
  readonly plans: readonly { readonly label: string; readonly plan: KeepOutPlan }[];
  readonly rows: readonly UploadRow[];
  readonly operation: Pick<Operation, "log" | "signal">;
}

/** Asks whether to send an upload. The first choice never sends everything. */
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
