import type { ServiceConnector } from "../../../core/connectors/serviceConnector";
import { messageOf } from "../../../core/base/errors";
import type { Remark } from "../../ui/quickInput";

/** What keeps a typed text from being a registry that a connector may open. */
export function checkResourceId(connector: ServiceConnector, text: string): Remark {
  try {
    connector.resourceId(text);
    return undefined;
  } catch (error) {
    return { error: messageOf(error) };
  }
}
