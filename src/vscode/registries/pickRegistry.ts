import type { Component } from "../../core/base/component";
import { browserOf, isBrowseNode } from "./browse/browseNodes";
import { pickComponent } from "../components/questions/pickComponent";

/** The registry of a tree's row, else one that is picked; nothing when the question was dismissed. */
export async function pickRegistry(title: string, target: unknown): Promise<Component | undefined> {
  if (isBrowseNode(target)) return browserOf(target).component;
  return pickComponent(title, target, { type: "container_registry" });
}

/** The name of the secret that a registry's settings point at. */
export function secretNameOf({ configuration }: Component): string | undefined {
  const name = configuration["authenticationSecret"];
  return typeof name === "string" ? name : undefined;
}
