import * as vscode from "vscode";
import type { Component } from "../../../core/base/component";
import { ImageBuilderError, messageOf } from "../../../core/base/errors";
import type { CoreAccess } from "../../access/coreAccess";
import type { ComponentState } from "./nodes";

type Details = ComponentState["details"];

/** Returns the details that every component has: its labels and the times of its registration and last change. */
export function entryDetails({ labels = {}, created, updated }: Component): Details {
  const rows: readonly (readonly [label: string, value: string | undefined])[] = [
    [
      vscode.l10n.t("Labels"),
      Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(", ") || undefined,
    ],
    [vscode.l10n.t("Added"), created && timeInWords(created)],
    [vscode.l10n.t("Changed"), updated && updated !== created ? timeInWords(updated) : undefined],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]));
}

/** Formats a time; text that is not a valid time is returned unchanged. */
function timeInWords(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toLocaleString();
}

/** Describes the service connector of a component and its problem, as far as they are known without signing in. */
export async function connectorState(
  core: CoreAccess,
  component: Component,
): Promise<Pick<ComponentState, "details" | "problem">> {
  const { connector: name, type, flavor, connectorResourceId } = component;
  if (name === undefined) return { details: [] };
  const label = vscode.l10n.t("Connector");
  try {
    const [connectors, flavors, { resourceIdOf }] = await Promise.all([
      core.connectors("quiet"),
      core.flavors(),
      import("../../../core/contracts/resourceId"),
    ]);
    const connector = await connectors.get(name);
    const resourceId = resourceIdOf(component, flavors.get(type, flavor)) ?? connectorResourceId;
    const end = connector.record.expiresAt ?? loginEnd(connector.loginEndsAtMs(resourceId));
    const words = [name, connector.type.displayName, end && vscode.l10n.t("until {0}", new Date(end).toLocaleString())]
      .filter(Boolean)
      .join(" · ");
    if (!connector.hasExpired()) return { details: [[label, words]] };
    return {
      details: [[label, words]],
      problem: vscode.l10n.t(
        'The credentials of the connector "{0}" have expired. Update the connector with new ones.',
        name,
      ),
    };
  } catch (error) {
    if (!ImageBuilderError.is(error)) throw error;
    return { details: [[label, name]], problem: messageOf(error) };
  }
}

function loginEnd(endsAtMs: number | undefined): string | undefined {
  return endsAtMs === undefined ? undefined : new Date(endsAtMs).toISOString();
}
