import * as vscode from "vscode";
import { messageOf } from "../../../core/base/errors";
import type { FormField } from "../../../core/config/configForm";
import { activeFolder } from "../../settings/activeComponent";
import { showOpenDialog } from "../../ui/fileDialog";
import { back, type Answer } from "../../ui/back";
import type { StepPlace } from "../../ui/flow";
import { pick, type, type Choice, type Remark } from "../../ui/quickInput";

/** Answer for a field: a value, or a secret to be stored. Neither if the field is left unset. */
export interface FieldAnswer {
  readonly value?: unknown;
  readonly secret?: string;
}

/** Parameters of the prompt for one field. */
export interface FieldQuestion extends StepPlace {
  readonly title: string;
  readonly field: FormField;
  /** Current value. */
  readonly value: unknown;
  /** Returns the problem of a value as a sentence; undefined if it is valid. */
  readonly check: (value: unknown) => string | undefined;
}

/** Asks for one field of a configuration, with the input that suits its kind. */
export async function askField(question: FieldQuestion): Promise<Answer<FieldAnswer>> {
  switch (question.field.kind) {
    case "boolean":
      return choose(question, [true, false]);
    case "choice":
      return choose(question, question.field.choices ?? []);
    case "secret":
      return askSecret(question);
    default:
      return askText(question);
  }
}

/** Formats a value for a row or an input box: text unchanged, other values as JSON. */
export function showValue(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

async function choose(
  { field, value, ...place }: FieldQuestion,
  values: readonly unknown[],
): Promise<Answer<FieldAnswer>> {
  const unset: Choice<FieldAnswer> = {
    label: vscode.l10n.t("Not Set"),
    description: field.default === undefined ? "" : vscode.l10n.t("default: {0}", showValue(field.default)),
    value: {},
  };
  const choices = values.map((each): Choice<FieldAnswer> => ({
    label: showValue(each),
    description: each === value ? vscode.l10n.t("now") : "",
    value: { value: each },
  }));
  return pick({ ...place, placeholder: promptOf(field), choices: field.required ? choices : [...choices, unset] });
}

/**
 * Asks for a secret. A reference to a stored secret is also accepted, and is returned as a value. Text of several lines
 * can be read from a file, because an input box has one line only.
 */
async function askSecret({ field, value, check, ...place }: FieldQuestion): Promise<Answer<FieldAnswer>> {
  const isReference = (text: string): boolean => /^\{\{.*\}\}$/.test(text.trim());
  const isThere = value !== undefined;
  const fromFile = {
    iconPath: new vscode.ThemeIcon("folder-opened"),
    tooltip: vscode.l10n.t("Read from File..."),
  };
  for (;;) {
    const answer = await type({
      ...place,
      password: true,
      more: fromFile,
      prompt: isThere
        ? vscode.l10n.t("{0}. A value is already stored; leave empty to keep it", promptOf(field))
        : vscode.l10n.t(
            "{0}. It is stored in VS Code's secret storage; you can also enter a reference such as {1}",
            promptOf(field),
            "{{name.key}}",
          ),
      check(text) {
        if (text === "") return field.required && !isThere ? { error: vscode.l10n.t("Enter the secret.") } : undefined;
        const problem = isReference(text) ? check(text.trim()) : undefined;
        return problem === undefined ? undefined : { error: problem };
      },
    });
    if (answer === undefined || answer === back) return answer;
    if (!answer.more && answer.text === "") return { value };
    if (!answer.more) return isReference(answer.text) ? { value: answer.text.trim() } : { secret: answer.text };
    const [file] = (await showOpenDialog({ title: place.title, openLabel: vscode.l10n.t("Read Value") })) ?? [];
    if (file) return { secret: new TextDecoder().decode(await vscode.workspace.fs.readFile(file)) };
  }
}

/**
 * Asks for a text. `@path` reads the value from a file, as on ZenML's command line; if that fails, the error is shown
 * and the prompt repeated.
 */
async function askText({ field, value, check, ...place }: FieldQuestion): Promise<Answer<FieldAnswer>> {
  const [{ readTyped }, { expandFileArgument }] = await Promise.all([
    import("../../../core/config/configForm"),
    import("../../../core/components/componentArguments"),
  ]);
  const problemOf = (text: string): Remark => {
    const problem = check(readTyped(field, text));
    return problem === undefined ? undefined : { error: problem };
  };
  let refused: { readonly text: string; readonly remark: Remark } | undefined;
  for (;;) {
    const answer = await type({
      ...place,
      prompt:
        field.kind === "json"
          ? vscode.l10n.t("{0}, as JSON or as @ followed by a file path", promptOf(field))
          : promptOf(field),
      wasRefused: refused !== undefined,
      value: refused?.text ?? showValue(value ?? (field.required ? field.default : undefined)),
      placeholder: field.required
        ? undefined
        : field.default === undefined
          ? vscode.l10n.t("leave empty if not needed")
          : showValue(field.default),
      check(text) {
        if (text === refused?.text) return refused.remark;
        return /^@(?!@)/.test(text)
          ? { note: vscode.l10n.t("Uses the text of the file {0}", text.slice(1)) }
          : problemOf(text);
      },
    });
    if (answer === undefined || answer === back) return answer;
    try {
      const text = (await expandFileArgument(answer.text, activeFolder() ?? "")).trimEnd();
      const remark = problemOf(text);
      if (!remark) return { value: readTyped(field, text) };
      refused = { text: answer.text, remark };
    } catch (error) {
      refused = { text: answer.text, remark: { error: messageOf(error) } };
    }
  }
}

function promptOf({ name, description }: FormField): string {
  return description === undefined ? name : `${name}: ${description}`;
}
