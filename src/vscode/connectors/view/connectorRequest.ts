import type { ConnectorReference, ConnectorRegistration } from "../../../api/api";
import { isRecord } from "../../../core/base/isRecord";

/** Whether a program called a command for a specific connector. */
export function isConnectorReference(target: unknown): target is ConnectorReference {
  return (
    isRecord(target) &&
    typeof target["connector"] === "string" &&
    target["type"] === undefined &&
    target["kind"] === undefined
  );
}

/** Whether a program called a command with a connector to register. */
export function isConnectorRegistration(target: unknown): target is ConnectorRegistration {
  return isRecord(target) && typeof target["authMethod"] === "string";
}
