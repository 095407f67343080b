import * as vscode from "vscode";
import type { Component } from "../../../core/base/component";
import { targetOf } from "../../settings/componentSettings";
import { planSecrets } from "./secretPlan";
import { shownWarnings } from "../../settings/shownWarnings";
import type { WithCore } from "../../access/coreAccess";
import type { WithLog } from "../../platform/host";
import type { WithSecrets } from "../../platform/secrets";
import { back } from "../../ui/back";
import { askFields, formOf, type ConfigurationDraft, type Extra } from "./askConfiguration";
import { askLabels, showLabels } from "./askLabels";

interface Draft extends ConfigurationDraft {
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Shows a component's fields with their problems, and saves the person's changes.
 *
 * @returns undefined if the list was dismissed
 */
export async function askAndUpdate(
  { core, secrets, log }: WithCore & WithLog & WithSecrets,
  component: Component,
): Promise<Component | undefined> {
  const { type, name, flavor, configuration, labels = {} } = component;
  const schema = (await core.flavors()).get(type, flavor);
  const form = await formOf(vscode.l10n.t("Edit {0}", name), schema);
  const draft = await askFields<Draft>(
    form,
    { configuration, secrets: {}, labels },
    {
      canGoBack: false,
      done: vscode.l10n.t("Save"),
      extras: (current) => [
        ...unknownFields(
          form.fields.map((field) => field.name),
          current,
        ),
        labelsOf(form.title, current),
      ],
    },
  );
  if (draft === undefined || draft === back) return undefined;
  const plan = await planSecrets(secrets, name, draft, configuration);
  const store = await core.components(targetOf(component), shownWarnings(log));
  const updated = await store.update(type, name, {
    configuration: changes(configuration, plan.configuration),
    labels: changes(labels, draft.labels),
  });
  await plan.store();
  return updated;
}

/** Lists fields in the settings that the flavor doesn't have. They can only be removed. */
function unknownFields(known: readonly string[], { configuration }: Draft): Extra<Draft>[] {
  return Object.keys(configuration)
    .filter((field) => !known.includes(field))
    .map((field) => ({
      label: field,
      description: vscode.l10n.t("not supported by the flavor: remove it"),
      change: async (draft) => ({
        ...draft,
        configuration: Object.fromEntries(Object.entries(draft.configuration).filter(([each]) => each !== field)),
      }),
    }));
}

function labelsOf(title: string, { labels }: Draft): Extra<Draft> {
  return {
    label: vscode.l10n.t("Labels"),
    description: showLabels(labels) || vscode.l10n.t("none"),
    change: async (draft, { canGoBack }) => {
      const answer = await askLabels({ title, canGoBack, labels: draft.labels });
      return answer === undefined || answer === back ? answer : { ...draft, labels: answer };
    },
  };
}

/** Returns all values of `after`, and null for each key that was removed. */
function changes<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
): Record<string, Value | null> {
  return { ...Object.fromEntries(Object.keys(before).map((key) => [key, null])), ...after };
}
