import * as vscode from "vscode";
import type { ComponentRegistration } from "../../../api/api";
import type { Component, ComponentType } from "../../../core/base/component";
import type { Flavor } from "../../../core/contracts/flavor";
import { activeFolder } from "../../settings/activeComponent";
import { targetOfScope } from "../../settings/writableTarget";
import { flavorArguments, needed } from "./componentRequest";
import { planSecrets } from "./secretPlan";
import { shownWarnings } from "../../settings/shownWarnings";
import type { WithCore } from "../../access/coreAccess";
import type { WithLog } from "../../platform/host";
import type { WithSecrets } from "../../platform/secrets";
import { isNode } from "../tree/nodes";
import { withSignal } from "../../ui/withSignal";
import { back } from "../../ui/back";
import { ask, counted, type Step } from "../../ui/flow";
import { pick, type Choice } from "../../ui/quickInput";
import { askBuildkit, type BuildkitDraft } from "./askBuildkit";
import { askComponentName } from "./askComponentName";
import { askFields, formOf, requiredSteps, type Form } from "./askConfiguration";
import { askLabels, showLabels } from "./askLabels";
import { askTarget } from "./askTarget";
import { fittingConnectors } from "./fittingConnectors";

interface Draft extends BuildkitDraft {
  readonly flavor?: Flavor;
  readonly form?: Form;
  readonly name?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly connector?: string;
  readonly target?: vscode.ConfigurationTarget;
}

/** Registers the component that a program specifies. */
export async function registerRequested(
  services: WithCore,
  type: ComponentType,
  request: ComponentRegistration,
): Promise<Component> {
  const { flavor, labels, connector, resourceId, verify, scope } = request;
  const { parseComponentArguments } = await import("../../../core/components/componentArguments");
  const { core } = services;
  const { name, values } = await parseComponentArguments(request.arguments ?? [], activeFolder() ?? "");
  const fields = await flavorArguments(services, { type, flavor });
  const store = await core.components(targetOfScope(scope));
  const component = {
    name: needed(name ?? request.name, "name"),
    type,
    flavor,
    configuration: { ...request.configuration, ...fields.valuesOf(values) },
  };
  await core.confirmWritten(component);
  return store.register({
    ...component,
    labels,
    ...(connector !== undefined && { connect: { connector, resourceId, verify } }),
  });
}

/**
 * Asks for a new component, based on its flavor's schema, and registers it.
 *
 * @param target row of a flavor, which is then preselected
 * @returns undefined if a prompt was dismissed
 */
export async function askAndRegister(
  services: WithCore & WithLog & WithSecrets,
  type: ComponentType,
  target: unknown,
): Promise<Component | undefined> {
  const title = type === "image_builder" ? vscode.l10n.t("Set Up Builder") : vscode.l10n.t("Add Registry");
  const flavors = (await services.core.flavors("all")).list(type);
  const chosen = isNode(target) && target.kind === "flavor" ? target.flavor : undefined;
  const draft = await ask<Draft>({ configuration: {}, secrets: {}, labels: {} }, ({ flavor, form }) => [
    counted(askFlavor(title, flavors, chosen), (draft) => (draft.form ? chosen === undefined : undefined)),
    ...(flavor?.name === "buildkit" ? [counted(askBuildkit<Draft>(title))] : []),
    counted(askName(title, type)),
    ...(form ? [...requiredSteps<Draft>(form), counted(askOthers(form), (answers) => asksOthers(form, answers))] : []),
    counted(askConnector(title), ({ flavor }) => flavor !== undefined && fittingConnectors(flavor).length > 0),
    askTarget(title),
  ]);
  return draft && register(services, type, draft);
}

async function register(
  { core, secrets, log }: WithCore & WithLog & WithSecrets,
  type: ComponentType,
  draft: Draft,
): Promise<Component | undefined> {
  const { flavor, name, labels, connector, target } = draft;
  if (!flavor || name === undefined) return undefined;
  const store = await core.components(target, shownWarnings(log));
  const { configuration, store: storeSecrets } = await planSecrets(secrets, name, draft);
  const component = await store.register({
    name,
    type,
    flavor: flavor.name,
    configuration,
    ...(Object.keys(labels).length > 0 && { labels }),
  });
  await storeSecrets();
  if (connector === undefined) return component;
  return withSignal(vscode.l10n.t('Verifying the connector "{0}"', connector), (signal) =>
    store.connect(type, name, { connector, signal }),
  );
}

const askFlavor =
  (title: string, flavors: readonly Flavor[], chosen: Flavor | undefined): Step<Draft> =>
  async (draft, place) => {
    const isBuilder = flavors.every((flavor) => flavor.type === "image_builder");
    const placeholder = isBuilder
      ? vscode.l10n.t("Select a flavor, the kind of builder")
      : vscode.l10n.t("Select a flavor, the kind of registry");
    const choices = flavors.map((flavor): Choice<Flavor> => ({
      label: flavor.displayName,
      detail: flavor.description,
      iconPath: new vscode.ThemeIcon(flavor.type === "image_builder" ? "tools" : "cloud"),
      value: flavor,
    }));
    const flavor = chosen ?? (await pick({ ...place, title, placeholder, choices }));
    if (flavor === undefined || flavor === back) return flavor;
    const form = await formOf(`${title}: ${flavor.displayName}`, flavor);
    const kept = draft.flavor === flavor ? draft : { ...draft, configuration: {}, secrets: {}, hasDaemons: false };
    return { draft: { ...kept, flavor, form }, asked: chosen === undefined };
  };

const askName =
  (title: string, type: ComponentType): Step<Draft> =>
  async (draft, place) => {
    const { flavor } = draft;
    const typed = place.last?.flavor === flavor ? place.last?.name : undefined;
    const name = await askComponentName({ ...place, title, type, proposal: typed ?? flavor?.name ?? "" });
    return name === undefined || name === back ? name : { draft: { ...draft, name }, asked: true };
  };

function asksOthers({ fields }: Form, { hasDaemons = false }: Draft): boolean {
  return !hasDaemons && fields.some(({ required }) => !required);
}

/** Shows all optional fields in one list. Skipped if the flavor has none. */
const askOthers =
  (form: Form): Step<Draft> =>
  async (draft, place) => {
    if (!asksOthers(form, draft)) return { draft, asked: false };
    const changed = await askFields(form, draft, {
      ...place,
      done: vscode.l10n.t("Continue"),
      isListed: ({ required }) => !required,
      extras: ({ labels }) => [
        {
          label: vscode.l10n.t("Labels"),
          description: showLabels(labels) || vscode.l10n.t("none"),
          change: async (current, { canGoBack }) => {
            const answer = await askLabels({ title: form.title, canGoBack, labels: current.labels });
            return answer === undefined || answer === back ? answer : { ...current, labels: answer };
          },
        },
      ],
    });
    return changed === undefined || changed === back ? changed : { draft: changed, asked: true };
  };

/** Skipped if there are no suitable connectors. */
const askConnector =
  (title: string): Step<Draft> =>
  async (draft, place) => {
    const fitting = draft.flavor ? fittingConnectors(draft.flavor) : [];
    if (fitting.length === 0) return { draft, asked: false };
    const none: Choice<string | null> = {
      label: vscode.l10n.t("No Connector"),
      detail: vscode.l10n.t("Uses existing docker login credentials or a stored password"),
      value: null,
    };
    const choices = fitting.map(({ name, type }): Choice<string | null> => ({
      label: name,
      description: type,
      iconPath: new vscode.ThemeIcon("plug"),
      value: name,
    }));
    const connector = await pick({
      ...place,
      title,
      placeholder: vscode.l10n.t("Select the connector that supplies the credentials"),
      choices: [none, ...choices],
    });
    return connector === undefined || connector === back
      ? connector
      : { draft: { ...draft, connector: connector ?? undefined }, asked: true };
  };
