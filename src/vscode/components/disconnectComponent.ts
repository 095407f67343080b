import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import { isComponentRequest, requestedComponent } from "./questions/componentRequest";
import { targetOf } from "../settings/componentSettings";
import { pickComponent } from "./questions/pickComponent";
import type { WithCore } from "../access/coreAccess";
import type { WithMemory } from "../platform/memory";

/** Takes a component's service connector away, so that Docker's own login or a stored password counts again. */
export async function disconnectComponent(
  services: WithCore & WithMemory,
  target?: unknown,
): Promise<Component | undefined> {
  const component = isComponentRequest(target)
    ? await requestedComponent(services, target)
    : await pickComponent(vscode.l10n.t("Disconnect Component"), target, {
        fits: ({ connector }) => connector !== undefined,
      });
  return component && (await services.core.components(targetOf(component))).disconnect(component.type, component.name);
}
