import * as vscode from "vscode";
import type { ComponentConnection } from "../../api/api";
import type { Component } from "../../core/base/component";
import { isComponentRequest, needed, requestedComponent } from "./questions/componentRequest";
import { targetOf } from "../settings/componentSettings";
import { askConnection } from "./questions/askConnection";
import { pickComponent } from "./questions/pickComponent";
import type { WithCore } from "../access/coreAccess";
import type { WithMemory } from "../platform/memory";
import { showInformationMessage } from "../ui/messages";
import { withSignal } from "../ui/withSignal";

/** Connects a component to a service connector, by default after a test sign-in. */
export async function connectComponent(
  services: WithCore & WithMemory,
  target?: unknown,
): Promise<Component | undefined> {
  if (isComponentRequest(target)) return connect(services, target as ComponentConnection);
  const component = await pickComponent(vscode.l10n.t("Use Connector"), target);
  const connection = component && (await askConnection(services, component));
  if (!connection) return undefined;
  const store = await services.core.components(targetOf(component));
  const title = vscode.l10n.t('Verifying the connector "{0}"', connection.connector);
  const connected = await withSignal(title, (signal) =>
    store.connect(component.type, component.name, { ...connection, signal }),
  );
  void showInformationMessage(
    vscode.l10n.t(
      '"{0}" uses the connector "{1}" for {2}.',
      connected.name,
      connection.connector,
      connected.connectorResourceId ?? "",
    ),
  );
  return connected;
}

async function connect(services: WithCore & WithMemory, request: ComponentConnection): Promise<Component> {
  const { type, name } = await requestedComponent(services, request);
  const store = await services.core.components(targetOf({ type, name }));
  return store.connect(type, name, {
    connector: needed(request.connector, "connector"),
    resourceId: request.resourceId,
    verify: request.verify,
  });
}
