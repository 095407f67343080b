import * as vscode from "vscode";
import { isComponentRequest, requestedComponent } from "./questions/componentRequest";
import { describeComponentInWords } from "./describeComponentInWords";
import { showComponent } from "./descriptions";
import { pickComponent } from "./questions/pickComponent";
import type { WithCore } from "../access/coreAccess";
import type { WithMemory } from "../platform/memory";

/**
 * Shows all that is known of a component as a document that stays true; no secret is in it. A program gets its text.
 */
export async function describeComponent(
  services: WithCore & WithMemory,
  target?: unknown,
): Promise<string | undefined> {
  if (isComponentRequest(target))
    return describeComponentInWords(services, await requestedComponent(services, target, true));
  const component = await pickComponent(vscode.l10n.t("Describe Component"), target);
  return component && showComponent(component);
}
