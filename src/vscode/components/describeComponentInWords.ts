import { basename } from "node:path";
import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import { messageOf } from "../../core/base/errors";
import type { Flavor } from "../../core/contracts/flavor";
import type { WithCore } from "../access/coreAccess";
import type { WithMemory } from "../platform/memory";
import { targetOf } from "../settings/componentSettings";
import { yamlLine, yamlMapping } from "./yamlLines";

/** Describes a component as YAML with comments. Possible secrets in plain text are masked. */
export async function describeComponentInWords(
  { core, memory }: WithCore & WithMemory,
  component: Component,
): Promise<string> {
  const { name, type, flavor: flavorName, id, created, updated, connector, connectorResourceId, labels } = component;
  const flavor = (await core.flavors()).list(type).find((each) => each.name === flavorName);
  const active = Object.entries(memory.activeNames(type)).flatMap(([folder, each]) =>
    each === name ? [basename(folder)] : [],
  );
  return [
    ...(await problemsOf(component, flavor)).map((problem) => `# ${vscode.l10n.t("Problem: {0}", problem)}\n`),
    yamlLine("name", name),
    yamlLine("type", type),
    yamlLine("flavor", flavorName, flavor?.displayName),
    yamlMapping("configuration", await shownConfiguration(component, flavor)),
    labels && yamlMapping("labels", labels),
    yamlLine("connector", connector),
    yamlLine("connectorResourceId", connectorResourceId),
    yamlLine("active", active.length > 0 ? active.join(", ") : undefined),
    yamlLine("scope", targetOf(component) === vscode.ConfigurationTarget.Global ? "user" : "workspace"),
    yamlLine("id", id),
    yamlLine("created", created),
    yamlLine("updated", updated),
    yamlLine("documentation", flavor?.docsUrl),
  ]
    .filter((part) => part !== undefined)
    .join("");
}

/**
 * Masks secret fields in plain text. Without the flavor, it is not known which fields are secret, so all values but
 * references are masked.
 */
async function shownConfiguration(
  { configuration }: Component,
  flavor: Flavor | undefined,
): Promise<Record<string, unknown>> {
  const { configForm } = await import("../../core/config/configForm");
  const open = new Set(
    flavor
      ? configForm(flavor)
          .filter(({ kind }) => kind !== "secret")
          .map(({ name }) => name)
      : [],
  );
  const isShown = (field: string, value: unknown): boolean => open.has(field) || /^\{\{.*\}\}$/.test(String(value));
  return Object.fromEntries(
    Object.entries(configuration).map(([field, value]) => [field, isShown(field, value) ? value : "••••"]),
  );
}

async function problemsOf({ configuration, flavor: name }: Component, flavor: Flavor | undefined): Promise<string[]> {
  if (!flavor) return [vscode.l10n.t('There is no flavor "{0}".', name)];
  const { configurationProblems } = await import("../../core/config/checkConfiguration");
  try {
    return configurationProblems(flavor, { configuration }).problems.map(({ path, message, isUnknownField = false }) =>
      isUnknownField ? message : `${path.join(".")}: ${message}`,
    );
  } catch (error) {
    return [messageOf(error)];
  }
}
