import { awsConnector } from "./aws";
import { azureConnector } from "./azure";
import type { ConnectorType } from "../clouds/connectorType";
import { dockerConnector } from "./docker";
import { gcpConnector } from "./gcp";

/** The kinds of connector, in the order in which they are shown. */
export const connectorTypes: readonly ConnectorType[] = [dockerConnector, gcpConnector, azureConnector, awsConnector];
