import type { ConnectorReference, ConnectorRegistration } from "../../../api/api";
import { isRecord } from "../../platform/isRecord";

/** Whether a command was called by a program that says which connector it means. */
export function isConnectorReference(target: unknown): target is ConnectorReference {
  return (
    isRecord(target) &&
    typeof target["connector"] === "string" &&
    target["type"] === undefined &&
    target["kind"] === undefined
  );
}

/** Whether a command was called by a program that says what to register. */
export function isConnectorRegistration(target: unknown): target is ConnectorRegistration {
  return isRecord(target) && typeof target["authMethod"] === "string";
}
