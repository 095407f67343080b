import * as vscode from "vscode";
import { isComponentRequest, requestedComponent } from "../components/componentRequest";
import { describeComponentInWords } from "../components/describeComponentInWords";
import { showComponent } from "../components/descriptions";
import { pickComponent } from "../questions/component/pickComponent";
import type { Services } from "../services";

/** Shows all that is known of a component as a document that stays true; no secret is in it. A program gets its text. */
export async function describeComponent(services: Services, target?: unknown): Promise<string | undefined> {
  if (isComponentRequest(target)) return describeComponentInWords(services, await requestedComponent(services, target, true));
  const component = await pickComponent(vscode.l10n.t("Describe Component"), target);
  return component && showComponent(component);
}
