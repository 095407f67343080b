import * as vscode from "vscode";
import { back, type Answer } from "../../ui/back";
import type { StepPlace } from "../../ui/flow";
import { type } from "../../ui/quickInput";

type Labels = Readonly<Record<string, string>>;

/** Asks for labels, written as `key=value` and separated by commas. */
export async function askLabels({
  title,
  canGoBack,
  labels,
}: StepPlace & { readonly title: string; readonly labels: Labels }): Promise<Answer<Labels>> {
  const answer = await type({
    title,
    canGoBack,
    prompt: vscode.l10n.t("Enter labels as key=value, separated by commas"),
    value: showLabels(labels),
    check: (text) =>
      readLabels(text) ? undefined : { error: vscode.l10n.t('Enter each label as key=value, such as "team=web".') },
  });
  return answer === undefined || answer === back ? answer : readLabels(answer.text);
}

/** Labels as a person writes them. */
export function showLabels(labels: Labels = {}): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}

/** Nothing for what is no list of labels. */
function readLabels(text: string): Labels | undefined {
  const pairs = text
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "")
    .map((pair) => /^([^=\s]+)=(.*)$/.exec(pair));
  return pairs.every((pair) => pair !== null)
    ? Object.fromEntries(pairs.map(([, key = "", value = ""]) => [key, value]))
    : undefined;
}
