import type { Component } from "../../core/base/component";
import { browserOf, isBrowseNode } from "./browse/browseNodes";
import { pickComponent } from "../components/questions/pickComponent";

/**
 * Returns the registry of the selected row, otherwise one that the person picks; undefined if the prompt was dismissed.
 */
export async function pickRegistry(title: string, target: unknown): Promise<Component | undefined> {
  if (isBrowseNode(target)) return browserOf(target).component;
  return pickComponent(title, target, { type: "container_registry" });
}

/** Returns the name of the secret in a registry's settings; undefined if there is none. */
export function secretNameOf({ configuration }: Component): string | undefined {
  const name = configuration["authenticationSecret"];
  return typeof name === "string" ? name : undefined;
}
