import * as vscode from "vscode";
import { back, type Answer } from "../../ui/back";
import type { StepPlace } from "../../ui/flow";
import { type } from "../../ui/quickInput";

type Labels = Readonly<Record<string, string>>;

/** Asks for labels in the form `key=value`, separated by commas. */
export async function askLabels({
  title,
  canGoBack,
  labels,
}: StepPlace & { readonly title: string; readonly labels: Labels }): Promise<Answer<Labels>> {
  const answer = await type({
    title,
    canGoBack,
    prompt: vscode.l10n.t("Enter labels as key=value, separated by commas"),
    placeholder: "team=web, stage=production",
    value: showLabels(labels),
    check: (text) =>
      readLabels(text) ? undefined : { error: vscode.l10n.t('Enter each label as key=value, such as "team=web".') },
  });
  return answer === undefined || answer === back ? answer : readLabels(answer.text);
}

/** Formats labels as they are entered. */
export function showLabels(labels: Labels = {}): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}

/** Parses labels; returns undefined for invalid text. */
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
