import * as vscode from "vscode";
import type { ComponentType, Component } from "../../core/base/component";
import type { ComponentFilter } from "../../core/components/findComponent";
import { isComponentRequest } from "./questions/componentRequest";
import { componentSettings } from "../settings/componentSettings";
import { showComponent } from "./descriptions";
import { pickComponent } from "./questions/pickComponent";
import type { WithCore } from "../access/coreAccess";

/**
 * Lets a person select a component to describe, and returns all components. A program gets the ones that match its
 * filter.
 */
export async function listComponents(services: WithCore, target?: unknown): Promise<readonly Component[]> {
  if (isComponentRequest(target))
    return (await services.core.components()).list(target.type, target as ComponentFilter);
  const component = await pickComponent(vscode.l10n.t("List"), undefined);
  if (component) await showComponent(component);
  const types: readonly ComponentType[] = ["image_builder", "container_registry"];
  return types.flatMap((type) => componentSettings(type).components);
}
