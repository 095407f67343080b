import * as vscode from "vscode";
import type { ComponentType } from "../../../core/base/component";
import { componentSettings } from "../../settings/componentSettings";
import { back, type Answer } from "../../ui/back";
import type { StepPlace } from "../../ui/flow";
import { type } from "../../ui/quickInput";

/** Parameters of the prompt for a name. */
export interface NameQuestion extends StepPlace {
  readonly title: string;
  readonly type: ComponentType;
  readonly proposal: string;
  /** Current name of the component, which is accepted although it is in use. */
  readonly own?: string;
}

/** Asks for a component's name, which must be unique among the components of its type. */
export async function askComponentName({
  type: itsType,
  proposal,
  own,
  ...place
}: NameQuestion): Promise<Answer<string>> {
  const taken = new Set(componentSettings(itsType).components.map(({ name }) => name));
  const answer = await type({
    ...place,
    prompt: vscode.l10n.t("Enter a name, shown in views and prompts"),
    placeholder: itsType === "image_builder" ? "team-builder" : "team-registry",
    value: freeName(proposal, taken, own),
    check: (text) => {
      const name = text.trim();
      if (name === "") return { error: vscode.l10n.t("Enter a name.") };
      if (/^\{\{.*\}\}$/.test(name)) return { error: vscode.l10n.t("A secret reference can't be used as a name.") };
      return taken.has(name) && name !== own
        ? { error: vscode.l10n.t('The name "{0}" is already in use.', name) }
        : undefined;
    },
  });
  return answer === undefined || answer === back ? answer : answer.text.trim();
}

function freeName(stem: string, taken: ReadonlySet<string>, own: string | undefined): string {
  for (let i = 1, name = stem; ; name = `${stem}-${++i}`) if (!taken.has(name) || name === own) return name;
}
