import * as vscode from "vscode";
import type { ComponentConnection } from "../../api";
import type { Component } from "../../core/components/component";
import { isComponentRequest, needed, requestedComponent } from "../components/componentRequest";
import { targetOf } from "../components/componentSettings";
import { askConnection } from "../questions/component/askConnection";
import { pickComponent } from "../questions/component/pickComponent";
import type { Services } from "../services";
import { showInformationMessage } from "../ui/messages";
import { withSignal } from "../withSignal";

/** Links a service connector to a component once a login with it has worked. */
export async function connectComponent(services: Services, target?: unknown): Promise<Component | undefined> {
  if (isComponentRequest(target)) return connect(services, target as ComponentConnection);
  const component = await pickComponent(vscode.l10n.t("Connect Component"), target);
  const connection = component && (await askConnection(services, component));
  if (!connection) return undefined;
  const store = await services.core.components(targetOf(component));
  const title = vscode.l10n.t('Verifying the connector "{0}"', connection.connector);
  const connected = await withSignal(title, (signal) => store.connect(component.type, component.name, { ...connection, signal }));
  void showInformationMessage(vscode.l10n.t('"{0}" uses the connector "{1}" for {2}.', connected.name, connection.connector, connected.connectorResourceId ?? ""));
  return connected;
}

async function connect(services: Services, request: ComponentConnection): Promise<Component> {
  const { type, name } = await requestedComponent(services, request);
  const store = await services.core.components(targetOf({ type, name }));
  return store.connect(type, name, { connector: needed(request.connector, "connector"), resourceId: request.resourceId, verify: request.verify });
}
