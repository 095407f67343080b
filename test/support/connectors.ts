import { createConnectorSource, type ConnectorSource } from "../../src/core/connectors/connectorSource";
import type { ConnectorRecord, ConnectorServices } from "../../src/core/clouds/connectorType";
import type { SecretValues } from "../../src/core/credentials/secretStore";
import { HttpClient } from "../../src/core/http/httpClient";
import { recordingOperation } from "./operation";

/** What connectors work with in tests: only the environment that is given, and nothing of this machine's. */
export function connectorServices(
  env: NodeJS.ProcessEnv = {},
  more: Partial<ConnectorServices> = {},
): ConnectorServices {
  const alone = { HOME: "/nonexistent", PATH: "/nonexistent", ...env };
  return {
    http: new HttpClient({ env: alone, certificateFolders: [], timeoutMs: 5000 }),
    env: alone,
    log: recordingOperation().log,
    allowImplicit: true,
    ...more,
  };
}

/** Connectors of a list that may change, with secrets by name. */
export function connectorsOf(
  records: readonly ConnectorRecord[],
  secrets: Readonly<Record<string, SecretValues>> = {},
  services = connectorServices(),
): ConnectorSource {
  return createConnectorSource({
    list: async () => records,
    services,
    secrets: { readSecret: async (name) => secrets[name] },
  });
}
