import type { Component } from "../../../src/core/base/component";
import type { ConnectorRecord } from "../../../src/core/clouds/connectorType";
import type { SecretValues } from "../../../src/core/credentials/secretStore";
import { awsKeys, googleFiles, jsonWebToken } from "../../support/clouds";
import { logins } from "../../support/namespace/issuer";

/** A text as Docker's configuration holds it. */
export const base64 = (text: string) => Buffer.from(text).toString("base64");

/** The secrets that the person has stored. */
export const secrets: Readonly<Record<string, SecretValues>> = {
  registry: { username: "test", password: "test" },
  hub: logins.hub,
  google: { json: googleFiles.serviceAccount },
  amazon: { key: awsKeys.secretAccessKey },
  azure: { token: jsonWebToken("azure", 3600), password: logins.azure.password },
};

/** The connectors that the person has registered. */
export const connectors: readonly ConnectorRecord[] = [
  {
    name: "hub",
    type: "docker",
    authMethod: "password",
    configuration: { username: logins.hub.username, password: "{{hub.password}}" },
  },
  {
    name: "google",
    type: "gcp",
    authMethod: "service-account",
    configuration: { serviceAccountJson: "{{google.json}}" },
  },
  {
    name: "amazon",
    type: "aws",
    authMethod: "secret-key",
    configuration: { region: "us-east-1", accessKeyId: awsKeys.accessKeyId, secretAccessKey: "{{amazon.key}}" },
  },
  { name: "azure", type: "azure", authMethod: "access-token", configuration: { token: "{{azure.token}}" } },
  { name: "machine", type: "azure", authMethod: "implicit", configuration: {} },
  {
    name: "principal",
    type: "azure",
    authMethod: "service-principal",
    configuration: { tenantId: "tenant", clientId: logins.azure.username, clientSecret: "{{azure.password}}" },
  },
];

/** A registry of the settings. */
export function registry(flavor: string, uri: string, more: Partial<Component> = {}): Component {
  return {
    name: `the ${flavor} registry`,
    type: "container_registry",
    flavor,
    ...more,
    configuration: { uri, ...more.configuration },
  };
}
