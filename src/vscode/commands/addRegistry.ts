import type { Component } from "../../core/components/component";
import { addRegistry as askAndAdd } from "../questions/addRegistry";
import type { Services } from "../services";

/** Adds a registry to the settings. */
export function addRegistry(services: Services): Promise<Component | undefined> {
  return askAndAdd(services);
}
