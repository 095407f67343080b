import * as vscode from "vscode";
import type { ConnectorType } from "../../../core/clouds/connectorType";
import { connectorSettings } from "../../settings/componentSettings";
import { allowImplicitAuthMethods, allowsImplicitAuthMethods } from "../../platform/settings";
import { showWarningMessage } from "../../ui/messages";
import { requiredSteps } from "../../components/questions/askConfiguration";
import { askTarget } from "../../components/questions/askTarget";
import { back } from "../../ui/back";
import { ask, counted, type Step } from "../../ui/flow";
import { pick, type as typeText } from "../../ui/quickInput";
import { askConnectorFields, connectorForm, type CompleteDraft, type ConnectorDraft } from "./connectorDraft";

/**
 * Asks for a connector: its type, authentication method, name, and the fields of that method.
 *
 * @returns undefined if a prompt was dismissed
 */
export async function askConnector(): Promise<CompleteDraft | undefined> {
  const { connectorTypes } = await import("../../../core/connectors/connectorTypes");
  const title = vscode.l10n.t("Add Connector");
  const draft = await ask<ConnectorDraft>({ configuration: {}, secrets: {}, labels: {} }, ({ form }) => [
    counted(askType(title, connectorTypes), countIfKnown),
    counted(askMethod(title), ({ type, ...draft }) =>
      draft.form && type ? Object.keys(type.authMethods).length > 1 : undefined,
    ),
    counted(askName(title)),
    ...(form ? requiredSteps<ConnectorDraft>(form) : []),
    counted(askOthers),
    askTarget(title),
  ]);
  return draft && complete(draft);
}

/** The fields of the authentication method decide how many prompts there are. */
const countIfKnown = ({ form }: ConnectorDraft): true | undefined => (form ? true : undefined);

const askType =
  (title: string, types: readonly ConnectorType[]): Step<ConnectorDraft> =>
  async (draft, place) => {
    const choices = types.map((type) => ({
      label: type.displayName,
      detail: type.description,
      iconPath: new vscode.ThemeIcon("plug"),
      value: type,
    }));
    const type = await pick({ ...place, title, placeholder: vscode.l10n.t("Select a provider"), choices });
    return type === undefined || type === back ? type : { draft: { ...draft, type }, asked: true };
  };

const askMethod =
  (title: string): Step<ConnectorDraft> =>
  async (draft, place) => {
    const { type } = draft;
    if (!type) return undefined;
    const methods = Object.entries(type.authMethods);
    const choices = methods.map(([name, { displayName, isImplicit }]) => ({
      label: displayName,
      description: name,
      detail: isImplicit ? vscode.l10n.t("From command-line tools, the environment, or the machine itself") : undefined,
      value: name,
    }));
    const authMethod =
      methods.length === 1
        ? methods[0]?.[0]
        : await pick({ ...place, title, placeholder: vscode.l10n.t("Select how to sign in"), choices });
    if (authMethod === undefined || authMethod === back) return authMethod;
    if (type.authMethods[authMethod]?.isImplicit && !(await isImplicitAllowed())) return undefined;
    const form = await connectorForm(`${title}: ${type.displayName}`, type, authMethod);
    return { draft: { ...draft, authMethod, form, configuration: {}, secrets: {} }, asked: methods.length > 1 };
  };

/**
 * Asks once for permission to use this machine's credentials: a person who opens a folder may not expect connectors to
 * use them.
 */
async function isImplicitAllowed(): Promise<boolean> {
  if (allowsImplicitAuthMethods()) return true;
  const allow = vscode.l10n.t("Allow");
  const detail = vscode.l10n.t(
    "Connectors sign in with the account of this machine. Your user settings store this permission for all connectors.",
  );
  const answer = await showWarningMessage(
    vscode.l10n.t("Allow connectors to use this machine's cloud credentials?"),
    { modal: true, detail },
    allow,
  );
  if (answer === allow) await allowImplicitAuthMethods();
  return answer === allow;
}

const askName =
  (title: string): Step<ConnectorDraft> =>
  async (draft, place) => {
    const taken = connectorSettings().connectors.map(({ name }) => name);
    const answer = await typeText({
      ...place,
      title,
      prompt: vscode.l10n.t("Enter a name for the connector"),
      value:
        (place.last?.type === draft.type ? place.last?.name : undefined) ?? freeName(draft.type?.name ?? "", taken),
      check: (text) => {
        if (text.trim() === "") return { error: vscode.l10n.t("Enter a name.") };
        return taken.includes(text.trim())
          ? { error: vscode.l10n.t('The name "{0}" is already in use.', text.trim()) }
          : undefined;
      },
    });
    return answer === undefined || answer === back
      ? answer
      : { draft: { ...draft, name: answer.text.trim() }, asked: true };
  };

const askOthers: Step<ConnectorDraft> = async (draft, place) => {
  const asked = complete(draft);
  if (!asked) return undefined;
  const changed = await askConnectorFields(asked, {
    ...place,
    done: vscode.l10n.t("Continue"),
    isListed: ({ required }) => !required,
  });
  return changed === undefined || changed === back
    ? changed
    : { draft: { ...changed, target: draft.target }, asked: true };
};

function complete({
  type,
  authMethod,
  form,
  name,
  target = vscode.ConfigurationTarget.Global,
  ...rest
}: ConnectorDraft): CompleteDraft | undefined {
  return type && authMethod !== undefined && form && name !== undefined
    ? { ...rest, type, authMethod, form, name, target }
    : undefined;
}

function freeName(stem: string, taken: readonly string[]): string {
  for (let i = 1, name = stem; ; name = `${stem}-${++i}`) if (!taken.includes(name)) return name;
}
