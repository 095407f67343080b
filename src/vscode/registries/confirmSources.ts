import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import { ImageBuilderError } from "../../core/base/errors";
import { pickComponent } from "../components/questions/pickComponent";
import { browserOf, isBrowseNode } from "./browse/browseNodes";
import type { WithCore } from "../access/coreAccess";
import type { WithLog, WithRefresh } from "../platform/host";
import { isNode } from "../components/tree/nodes";

/** Asks the person to allow the sources of a builder or registry of the workspace, so that its row can contact it. */
export async function confirmSources(services: WithCore & WithLog & WithRefresh, target?: unknown): Promise<void> {
  const component = await componentOf(target);
  if (!component) return;
  try {
    await confirmAll(services, component);
  } catch (error) {
    // The person has just declined, so no message is needed.
    if (!ImageBuilderError.is(error, "sourceNotConfirmed")) throw error;
    services.log.info(error.message);
  }
  services.refresh.fire();
}

async function confirmAll({ core }: WithCore, { type, name }: Component): Promise<void> {
  if (type === "container_registry") await (await core.implementation(type, name)).credentials();
  else if (!(await core.implementation(type, name)).isBuildingLocally) return;
  // For registries, too: the view asks the daemon which registries don't use TLS.
  await (await core.get()).services.engine.endpoint();
}

async function componentOf(target: unknown): Promise<Component | undefined> {
  if (isBrowseNode(target)) return browserOf(target).component;
  if (isNode(target) && target.kind === "confirm") return target.component;
  return pickComponent(vscode.l10n.t("Review and Allow"), target);
}
