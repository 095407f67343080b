import * as vscode from "vscode";
import { isComponentRequest, requestedComponent } from "./questions/componentRequest";
import { describeComponentInWords } from "./describeComponentInWords";
import { showComponent } from "./descriptions";
import { pickComponent } from "./questions/pickComponent";
import type { WithCore } from "../access/coreAccess";
import type { WithMemory } from "../platform/memory";

/**
 * Opens a read-only description of a component that follows the settings and contains no secrets. A program gets its
 * text instead.
 */
export async function describeComponent(
  services: WithCore & WithMemory,
  target?: unknown,
): Promise<string | undefined> {
  if (isComponentRequest(target))
    return describeComponentInWords(services, await requestedComponent(services, target, true));
  const component = await pickComponent(vscode.l10n.t("Describe"), target);
  return component && showComponent(component);
}
