import * as vscode from "vscode";
import type { Configurable } from "../../../core/config/checkConfiguration";
import type { FormField } from "../../../core/config/configForm";
import { back, type Answer } from "../../ui/back";
import { counted, type Step, type StepPlace } from "../../ui/flow";
import { pick, type Choice } from "../../ui/quickInput";
import { withValue } from "../../ui/withValue";
import { askField, showValue, type FieldAnswer } from "./askField";

/** Configuration that the person is being asked for. */
export interface ConfigurationDraft {
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Secrets to be stored, by field. The configuration contains references in their place. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Configuration to be edited, with its schema: a component's by flavor, a connector's by authentication method. */
export interface Form {
  readonly title: string;
  readonly schema: Configurable<object>;
  readonly fields: readonly FormField[];
  /** Returns the problem of one field as a sentence; undefined if it is valid. */
  readonly problem: (field: string, configuration: Readonly<Record<string, unknown>>) => string | undefined;
}

/** Creates the form for a configuration's schema. */
export async function formOf(title: string, schema: Configurable<object>): Promise<Form> {
  const { configForm, fieldProblem } = await import("../../../core/config/configForm");
  return {
    title,
    schema,
    fields: configForm(schema),
    problem: (field, configuration) => fieldProblem(schema, field, configuration),
  };
}

/** Returns one step for each required field. */
export function requiredSteps<Draft extends ConfigurationDraft>(form: Form): Step<Draft>[] {
  return form.fields
    .filter(({ required }) => required)
    .map((field) =>
      counted<Draft>(async (draft, { last, ...place }) => {
        const changed = await changeField(form, field, draft, place, last);
        return changed === undefined || changed === back ? changed : { draft: changed, asked: true };
      }),
    );
}

/** Additional row in a list of fields, such as labels. */
export interface Extra<Draft> {
  readonly label: string;
  readonly description: string;
  readonly change: (draft: Draft, place: StepPlace) => Promise<Answer<Draft>>;
}

/**
 * Lists fields and lets the person change them, until the first row is selected.
 *
 * @param isListed whether a field is listed; default is all fields
 */
export async function askFields<Draft extends ConfigurationDraft>(
  form: Form,
  start: Draft,
  {
    done,
    extras,
    isListed = () => true,
    ...place
  }: StepPlace & {
    readonly done: string;
    readonly extras: (draft: Draft) => readonly Extra<Draft>[];
    readonly isListed?: (field: FormField) => boolean;
  },
): Promise<Answer<Draft>> {
  type Change = Extra<Draft>["change"];
  let draft = start;
  for (;;) {
    const end: Choice<Change | null> = { label: done, iconPath: new vscode.ThemeIcon("check"), value: null };
    const fields = form.fields.filter(isListed).map((field): Choice<Change | null> => ({
      label: field.name,
      ...describe(form, field, draft),
      value: (current, itsPlace) => changeField(form, field, current, itsPlace),
    }));
    const others = extras(draft).map(({ label, description, change }): Choice<Change | null> => ({
      label,
      description,
      value: change,
    }));
    const change = await pick({
      ...place,
      title: form.title,
      placeholder: vscode.l10n.t("Select an option to change"),
      choices: [end, ...fields, ...others],
    });
    if (change === undefined || change === back) return change;
    if (change === null) return draft;
    const changed = await change(draft, { canGoBack: true });
    if (changed === undefined) return undefined;
    if (changed !== back) draft = changed;
  }
}

async function changeField<Draft extends ConfigurationDraft>(
  form: Form,
  field: FormField,
  draft: Draft,
  place: StepPlace,
  last?: Draft,
): Promise<Answer<Draft>> {
  const { name, kind } = field;
  const answer = await askField({
    ...place,
    title: form.title,
    field,
    value: draft.configuration[name] ?? (kind === "secret" ? undefined : last?.configuration[name]),
    check: (value) => form.problem(name, withValue(draft.configuration, name, value ?? null)),
  });
  return answer === undefined || answer === back ? answer : withAnswer(draft, name, answer);
}

/**
 * Keeps a secret only in the draft until it is stored. The reference in the configuration is a placeholder until then.
 */
function withAnswer<Draft extends ConfigurationDraft>(
  draft: Draft,
  field: string,
  { value, secret }: FieldAnswer,
): Draft {
  const isKept = value !== undefined && value === draft.configuration[field];
  return {
    ...draft,
    configuration: withValue(draft.configuration, field, secret === undefined ? (value ?? null) : `{{new.${field}}}`),
    secrets: isKept ? draft.secrets : withValue(draft.secrets, field, secret ?? null),
  };
}

function describe(
  form: Form,
  field: FormField,
  { configuration, secrets }: ConfigurationDraft,
): Pick<vscode.QuickPickItem, "description" | "detail" | "iconPath"> {
  const value = configuration[field.name];
  const problem = form.problem(field.name, configuration);
  const byDefault =
    field.default === undefined ? vscode.l10n.t("not set") : vscode.l10n.t("default: {0}", showValue(field.default));
  return {
    description: value === undefined ? byDefault : field.name in secrets ? "••••" : masked(field, value),
    detail: problem ?? field.description,
    ...(problem !== undefined && {
      iconPath: new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground")),
    }),
  };
}

/** Masks secrets that are in the settings in plain text. */
function masked({ kind }: FormField, value: unknown): string {
  return kind === "secret" && !/^\{\{.*\}\}$/.test(String(value)) ? "••••" : showValue(value);
}
