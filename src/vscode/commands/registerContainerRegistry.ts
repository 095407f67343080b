import type { Component } from "../../core/components/component";
import { isRegistration } from "../components/componentRequest";
import { askAndRegister, registerRequested } from "../questions/component/registerComponent";
import type { Services } from "../services";

/** Registers a registry of any flavor. */
export function registerContainerRegistry(services: Services, target?: unknown): Promise<Component | undefined> {
  return isRegistration(target) ? registerRequested(services, "container_registry", target) : askAndRegister(services, "container_registry", target);
}
