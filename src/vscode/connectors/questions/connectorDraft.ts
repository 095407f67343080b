import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { ConnectorRecord, ConnectorType } from "../../../core/clouds/connectorType";
import { messageOf } from "../../../core/base/errors";
import type { FormField } from "../../../core/config/configForm";
import {
  askFields,
  formOf,
  type ConfigurationDraft,
  type Extra,
  type Form,
} from "../../components/questions/askConfiguration";
import { askLabels, showLabels } from "../../components/questions/askLabels";
import { back, type Answer } from "../../ui/back";
import type { StepPlace } from "../../ui/flow";
import { type as typeText, type Remark } from "../../ui/quickInput";

/** Connector that the person is being asked for. */
export interface ConnectorDraft extends ConfigurationDraft {
  readonly type?: ConnectorType;
  readonly authMethod?: string;
  readonly form?: Form;
  readonly name?: string;
  readonly resourceId?: string;
  readonly expiresAt?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly target?: vscode.ConfigurationTarget;
}

/** Connector draft with all required values. */
export type CompleteDraft = ConnectorDraft &
  Required<Pick<ConnectorDraft, "type" | "authMethod" | "form" | "name" | "target">>;

/**
 * Creates the form for an authentication method of a connector type. Throws a RangeError if the type doesn't have the
 * method.
 */
export function connectorForm(title: string, type: ConnectorType, authMethod: string): Promise<Form> {
  const method = type.authMethods[authMethod];
  if (!method) throw new RangeError(authMethod);
  return formOf(title, { name: `${type.name}/${authMethod}`, configSchema: method.configSchema });
}

/** Returns the settings entry for a draft. Other properties of the previous entry are kept. */
export function recordOf(
  { name, type, authMethod, configuration, resourceId, expiresAt, labels }: CompleteDraft,
  before?: ConnectorRecord,
): ConnectorRecord {
  const named = Object.keys(labels).length > 0 ? labels : undefined;
  return {
    id: randomUUID(),
    ...before,
    name,
    type: type.name,
    authMethod,
    configuration,
    resourceId,
    expiresAt,
    labels: named,
  };
}

/** Lists fields and lets the person change them, together with the options that all connectors have. */
export function askConnectorFields<Draft extends CompleteDraft>(
  draft: Draft,
  { isListed, ...rest }: StepPlace & { readonly done: string; readonly isListed: (field: FormField) => boolean },
): Promise<Answer<Draft>> {
  const { form, type } = draft;
  const extras = (current: Draft): Extra<Draft>[] => [
    ...(type.isSingleInstance && form.fields.some(({ name }) => name === "registry") ? [] : [registryOf(current)]),
    endOf(current),
    labelsOf(current),
  ];
  return askFields(form, draft, { ...rest, isListed, extras });
}

function registryOf<Draft extends CompleteDraft>({ form, type, resourceId, configuration }: Draft): Extra<Draft> {
  const check = (text: string): Remark => {
    try {
      if (text !== "") type.canonicalId(text, configuration);
      return undefined;
    } catch (error) {
      return { error: messageOf(error) };
    }
  };
  return textExtra(vscode.l10n.t("Registry"), resourceId ?? vscode.l10n.t("any"), {
    title: form.title,
    value: resourceId,
    prompt: vscode.l10n.t(
      "Enter the registry to sign in to; leave empty if each builder or registry specifies its own",
    ),
    check,
    change: (draft, text) => ({
      ...draft,
      resourceId: text === "" ? undefined : type.canonicalId(text, configuration),
    }),
  });
}

function endOf<Draft extends CompleteDraft>({ form, expiresAt }: Draft): Extra<Draft> {
  return textExtra(vscode.l10n.t("Expires"), expiresAt ?? vscode.l10n.t("never"), {
    title: form.title,
    value: expiresAt,
    prompt: vscode.l10n.t("Enter when the credentials expire, such as 2030-01-31T12:00:00Z; leave empty if they don't"),
    check: (text) =>
      text !== "" && Number.isNaN(Date.parse(text))
        ? { error: vscode.l10n.t("Enter a time, such as 2030-01-31T12:00:00Z.") }
        : undefined,
    change: (draft, text) => ({ ...draft, expiresAt: text === "" ? undefined : new Date(text).toISOString() }),
  });
}

function labelsOf<Draft extends CompleteDraft>({ form, labels }: Draft): Extra<Draft> {
  return {
    label: vscode.l10n.t("Labels"),
    description: showLabels(labels) || vscode.l10n.t("none"),
    change: async (draft, { canGoBack }) => {
      const answer = await askLabels({ title: form.title, canGoBack, labels: draft.labels });
      return answer === undefined || answer === back ? answer : { ...draft, labels: answer };
    },
  };
}

interface TextQuestion<Draft> {
  readonly title: string;
  readonly value: string | undefined;
  readonly prompt: string;
  readonly check: (text: string) => Remark;
  readonly change: (draft: Draft, text: string) => Draft;
}

function textExtra<Draft>(
  label: string,
  description: string,
  { change, ...question }: TextQuestion<Draft>,
): Extra<Draft> {
  return {
    label,
    description,
    change: async (draft, { canGoBack }) => {
      const answer = await typeText({ ...question, canGoBack });
      return answer === undefined || answer === back ? answer : change(draft, answer.text.trim());
    },
  };
}
