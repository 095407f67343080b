import type { Component } from "../../core/base/component";
import { isRegistration } from "./questions/componentRequest";
import { askAndRegister, registerRequested } from "./questions/registerComponent";
import type { WithCore } from "../access/coreAccess";
import type { WithLog } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";

/** Registers a registry of any flavor. */
export function registerContainerRegistry(
  services: WithCore & WithLog & WithSecrets,
  target?: unknown,
): Promise<Component | undefined> {
  return isRegistration(target)
    ? registerRequested(services, "container_registry", target)
    : askAndRegister(services, "container_registry", target);
}
