import type { Component } from "../../../core/base/component";
import { qualifyImageName } from "../../../core/base/imageReference";
import { ImageBuilderError } from "../../../core/base/errors";
import { activeComponent } from "../../settings/activeComponent";
import { componentSettings } from "../../settings/componentSettings";
import type { Memory } from "../../platform/memory";

/** Returns the registry for specs of a folder that name none: the active one, otherwise the only one. */
export function specRegistry(memory: Memory, folder: string): Component | undefined {
  const { components } = componentSettings("container_registry");
  return activeComponent(memory, "container_registry", folder) ?? (components.length === 1 ? components[0] : undefined);
}

/**
 * Returns the address of that registry as specs contain it; undefined without a registry, and for an address that can't
 * be parsed, such as a template.
 */
export async function specRegistryAddress(memory: Memory, folder: string): Promise<string | undefined> {
  const registry = specRegistry(memory, folder);
  const uri = registry?.configuration["uri"];
  if (typeof uri !== "string") return undefined;
  const { keptAddress } = await import("../../../core/clouds/keptAddress");
  try {
    return qualifyImageName("x", keptAddress(registry?.flavor ?? "", uri)).replace(/\/x$/, "");
  } catch (error) {
    if (ImageBuilderError.is(error)) return undefined;
    throw error;
  }
}
