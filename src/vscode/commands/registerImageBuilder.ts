import type { Component } from "../../core/components/component";
import { isRegistration } from "../components/componentRequest";
import { askAndRegister, registerRequested } from "../questions/component/registerComponent";
import type { Services } from "../services";

/** Registers an image builder of any flavor. */
export function registerImageBuilder(services: Services, target?: unknown): Promise<Component | undefined> {
  return isRegistration(target) ? registerRequested(services, "image_builder", target) : askAndRegister(services, "image_builder", target);
}
