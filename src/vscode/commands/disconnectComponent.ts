import * as vscode from "vscode";
import type { Component } from "../../core/components/component";
import { isComponentRequest, requestedComponent } from "../components/componentRequest";
import { targetOf } from "../components/componentSettings";
import { pickComponent } from "../questions/component/pickComponent";
import type { Services } from "../services";

/** Takes a component's service connector away, so that Docker's own login or a stored password counts again. */
export async function disconnectComponent(services: Services, target?: unknown): Promise<Component | undefined> {
  const component = isComponentRequest(target)
    ? await requestedComponent(services, target)
    : await pickComponent(vscode.l10n.t("Disconnect Component"), target, { fits: ({ connector }) => connector !== undefined });
  return component && (await services.core.components(targetOf(component))).disconnect(component.type, component.name);
}
