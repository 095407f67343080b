import * as vscode from "vscode";
import type { ComponentConnection } from "../../../api/api";
import { ImageBuilderError } from "../../../core/base/errors";
import type { Component } from "../../../core/base/component";
import type { Flavor } from "../../../core/contracts/flavor";
import type { ServiceConnector } from "../../../core/connectors/serviceConnector";
import type { WithCore } from "../../access/coreAccess";
import { back } from "../../ui/back";
import { checkResourceId } from "./checkResourceId";
import { ask, type Step } from "../../ui/flow";
import { pick, type } from "../../ui/quickInput";
import { fittingConnectors } from "./fittingConnectors";

type Connection = Pick<ComponentConnection, "connector" | "resourceId">;
type Draft = Partial<Connection>;

/**
 * Asks for the connector of a component, and for the registry if neither the flavor nor the connector determines it.
 *
 * @returns undefined if a prompt was dismissed
 * @throws ImageBuilderError `connectorInvalid` if the flavor doesn't support connectors, `connectorUnknown` if there is
 * no suitable one
 */
export async function askConnection({ core }: WithCore, component: Component): Promise<Connection | undefined> {
  const flavor = (await core.flavors()).get(component.type, component.flavor);
  const title = vscode.l10n.t("Connect {0}", component.name);
  const { connector, resourceId } =
    (await ask<Draft>({}, [
      askConnector(title, component, flavor),
      askResource(title, flavor, async (name) => (await core.connectors()).get(name)),
    ])) ?? {};
  return connector === undefined ? undefined : { connector, resourceId };
}

const askConnector =
  (title: string, component: Component, flavor: Flavor): Step<Draft> =>
  async (draft, place) => {
    if (!flavor.serviceConnectorRequirements) {
      throw new ImageBuilderError(
        "connectorInvalid",
        vscode.l10n.t('The flavor "{1}" of "{0}" does not support service connectors.', component.name, flavor.name),
      );
    }
    const fitting = fittingConnectors(flavor);
    if (fitting.length === 0)
      throw new ImageBuilderError(
        "connectorUnknown",
        vscode.l10n.t('No service connector fits "{0}". Register one with "Add Connector..." first.', component.name),
      );
    const choices = fitting.map(({ name, type: kind, authMethod, resourceId }) => ({
      label: name,
      description: name === component.connector ? vscode.l10n.t("{0}, now", kind) : kind,
      detail: resourceId ?? authMethod,
      iconPath: new vscode.ThemeIcon("plug"),
      value: name,
    }));
    const connector = await pick({
      ...place,
      title,
      placeholder: vscode.l10n.t("Select the connector that supplies the credentials"),
      choices,
    });
    return connector === undefined || connector === back ? connector : { draft: { ...draft, connector }, asked: true };
  };

/** Asks for the registry, unless the flavor has a field for it or the connector is limited to one registry. */
const askResource =
  (title: string, flavor: Flavor, get: (name: string) => Promise<ServiceConnector>): Step<Draft> =>
  async (draft, place) => {
    if (flavor.serviceConnectorRequirements?.resourceIdAttribute !== undefined) return { draft, asked: false };
    const connector = await get(draft.connector ?? "");
    if (connector.defaultId !== undefined) return { draft, asked: false };
    const answer = await type({
      ...place,
      title,
      prompt: vscode.l10n.t("Enter the registry to sign in to"),
      placeholder: "ghcr.io/team",
      check: (text) => checkResourceId(connector, text),
    });
    return answer === undefined || answer === back
      ? answer
      : { draft: { ...draft, resourceId: connector.resourceId(answer.text) }, asked: true };
  };
