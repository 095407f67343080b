import * as vscode from "vscode";
import type { ComponentType, Component } from "../../core/components/component";
import type { ComponentFilter } from "../../core/components/findComponent";
import { isComponentRequest } from "../components/componentRequest";
import { componentSettings } from "../components/componentSettings";
import { showComponent } from "../components/descriptions";
import { pickComponent } from "../questions/component/pickComponent";
import type { Services } from "../services";

/** Lists the components of both types, and shows the one that is picked; a program gets those that fit its filter. */
export async function listComponents(services: Services, target?: unknown): Promise<readonly Component[]> {
  if (isComponentRequest(target)) return (await services.core.components()).list(target.type, target as ComponentFilter);
  const component = await pickComponent(vscode.l10n.t("List Components"), undefined);
  if (component) await showComponent(component);
  const types: readonly ComponentType[] = ["image_builder", "container_registry"];
  return types.flatMap((type) => componentSettings(type).components);
}
