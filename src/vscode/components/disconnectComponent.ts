import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import { isComponentRequest, requestedComponent } from "./questions/componentRequest";
import { targetOf } from "../settings/componentSettings";
import { pickComponent } from "./questions/pickComponent";
import type { WithCore } from "../access/coreAccess";
import type { WithMemory } from "../platform/memory";

/**
 * Disconnects a component from its service connector. Docker's own credentials or a stored password are then used
 * again.
 */
export async function disconnectComponent(
  services: WithCore & WithMemory,
  target?: unknown,
): Promise<Component | undefined> {
  const component = isComponentRequest(target)
    ? await requestedComponent(services, target)
    : await pickComponent(vscode.l10n.t("Stop Using Connector"), target, {
        fits: ({ connector }) => connector !== undefined,
      });
  return component && (await services.core.components(targetOf(component))).disconnect(component.type, component.name);
}
