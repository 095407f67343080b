import { awsConnector } from "./aws";
import { azureConnector } from "./azure";
import type { ConnectorType } from "../clouds/connectorType";
import { dockerConnector } from "./docker";
import { gcpConnector } from "./gcp";

/** All connector types, in display order. */
export const connectorTypes: readonly ConnectorType[] = [dockerConnector, gcpConnector, azureConnector, awsConnector];
