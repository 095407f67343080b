import type { Component } from "../../core/components/component";
import { componentSettings } from "../components/componentSettings";

/** The components that a connector supplies with credentials. */
export function connectorUsers(connector: string): Component[] {
  return (["image_builder", "container_registry"] as const).flatMap((type) => componentSettings(type).components).filter((component) => component.connector === connector);
}
