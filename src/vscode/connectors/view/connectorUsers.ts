import type { Component } from "../../../core/base/component";
import { componentSettings } from "../../settings/componentSettings";

/** Returns the components that use a connector. */
export function connectorUsers(connector: string): Component[] {
  return (["image_builder", "container_registry"] as const)
    .flatMap((type) => componentSettings(type).components)
    .filter((component) => component.connector === connector);
}
