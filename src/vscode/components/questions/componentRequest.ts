import * as vscode from "vscode";
import type { ComponentReference, ComponentRegistration } from "../../../api/api";
import type { Component, ComponentType } from "../../../core/base/component";
import type { FlavorArguments } from "../../../core/components/argumentValues";
import { ImageBuilderError } from "../../../core/base/errors";
import { isRecord } from "../../../core/base/isRecord";
import type { WithCore } from "../../access/coreAccess";
import type { WithMemory } from "../../platform/memory";
import { isNode } from "../tree/nodes";
import { activeComponent } from "../../settings/activeComponent";
import { componentSettings } from "../../settings/componentSettings";

/**
 * Whether a program called a command for a specific component type. It is then never prompted, and receives errors
 * itself.
 */
export function isComponentRequest(target: unknown): target is ComponentReference {
  return isRecord(target) && !isNode(target) && isType(target["type"]);
}

/** Whether a program called a command with a component to register. */
export function isRegistration(target: unknown): target is ComponentRegistration {
  return isRecord(target) && !isNode(target) && typeof target["flavor"] === "string";
}

/**
 * Finds the component that a program specifies by name, id, or beginning of the id; the default is the active one.
 *
 * @param byNamePrefix whether the beginning of a name is accepted too; only for commands that change nothing
 * @throws ImageBuilderError `componentUnknown`
 */
export async function requestedComponent(
  { memory }: WithMemory,
  { type, name, folder }: ComponentReference,
  byNamePrefix = false,
): Promise<Component> {
  const { components } = componentSettings(type);
  if (name !== undefined)
    return (await import("../../../core/components/findComponent")).findComponent(type, components, name, {
      byNamePrefix,
    });
  const active = activeComponent(memory, type, folder);
  if (active) return active;
  throw new ImageBuilderError(
    "componentUnknown",
    vscode.l10n.t('No builder or registry is the default there. Specify one with "name".'),
  );
}

/**
 * Returns the fields of a component's flavor as a program may write them.
 *
 * @throws ImageBuilderError `flavorUnknown`
 */
export async function flavorArguments(
  { core }: WithCore,
  { type, flavor }: Pick<Component, "type" | "flavor">,
): Promise<FlavorArguments> {
  const [{ FlavorArguments }, flavors] = await Promise.all([
    import("../../../core/components/argumentValues"),
    core.flavors("all"),
  ]);
  return new FlavorArguments(flavors.get(type, flavor));
}

/**
 * Returns a required argument of a program.
 *
 * @throws ImageBuilderError `optionInvalid` if it is missing
 */
export function needed<Value>(value: Value | undefined, key: string): Value {
  if (value !== undefined) return value;
  throw new ImageBuilderError("optionInvalid", vscode.l10n.t('Specify "{0}" too.', key));
}

function isType(value: unknown): value is ComponentType {
  return value === "image_builder" || value === "container_registry";
}
