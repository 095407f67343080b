import type { Component } from "../../core/base/component";
import { isRegistration } from "./questions/componentRequest";
import { askAndRegister, registerRequested } from "./questions/registerComponent";
import type { WithCore } from "../access/coreAccess";
import type { WithLog } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";

/** Registers an image builder of any flavor. */
export function registerImageBuilder(
  services: WithCore & WithLog & WithSecrets,
  target?: unknown,
): Promise<Component | undefined> {
  return isRegistration(target)
    ? registerRequested(services, "image_builder", target)
    : askAndRegister(services, "image_builder", target);
}
