import type { ServiceConnector } from "../../../core/connectors/serviceConnector";
import { messageOf } from "../../../core/base/errors";
import type { Remark } from "../../ui/quickInput";

/** Checks whether a connector may be used for the registry that was entered. Returns the error, or undefined. */
export function checkResourceId(connector: ServiceConnector, text: string): Remark {
  try {
    connector.resourceId(text);
    return undefined;
  } catch (error) {
    return { error: messageOf(error) };
  }
}
