import type { Component } from "../../../core/base/component";
import { componentSettings } from "../../settings/componentSettings";

/** The components that a connector supplies with credentials. */
export function connectorUsers(connector: string): Component[] {
  return (["image_builder", "container_registry"] as const)
    .flatMap((type) => componentSettings(type).components)
    .filter((component) => component.connector === connector);
}
