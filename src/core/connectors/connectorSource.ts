import type { SourceConsent } from "../base/sourceConsent";
import { resolveSecretReferences } from "../credentials/secretReference";
import type { SecretStore } from "../credentials/secretStore";
import { ImageBuilderError } from "../base/errors";
import { checkConfiguration } from "../config/checkConfiguration";
import type {
  AuthMethod,
  ConnectorRecord,
  ConnectorServices,
  ConnectorType,
  RegistryLogin,
} from "../clouds/connectorType";
import { connectorTypes } from "./connectorTypes";
import { ServiceConnector } from "./serviceConnector";

/** Source of connectors, by name. */
export interface ConnectorSource {
  list(): Promise<readonly ConnectorRecord[]>;
  /**
   * Returns the connector of a name. It stays the same object until its record or secrets change, so that its logins
   * are reused.
   *
   * @throws ImageBuilderError `connectorUnknown`, `connectorInvalid`, `configurationInvalid` or `secretUnavailable`
   */
  get(name: string): Promise<ServiceConnector>;
  /** Returns a source of the same connectors with the same logins, which asks another consent. */
  with(consent: SourceConsent): ConnectorSource;
}

/** Dependencies of a connector source. */
export interface ConnectorSourceParts {
  readonly list: () => Promise<readonly ConnectorRecord[]>;
  readonly services: ConnectorServices;
  readonly secrets?: SecretStore;
  /** Asked before a connector's secrets are used; if undefined, the caller is responsible for its records. */
  readonly consent?: SourceConsent;
}

/** Logins of connectors by name, each valid until its record or secrets change. */
type KeptLogins = Map<string, { readonly of: string; readonly logins: Map<string, RegistryLogin> }>;

/** Creates a source of connectors from stored records. */
export function createConnectorSource(parts: ConnectorSourceParts): ConnectorSource {
  return sourceOver(parts, new Map());
}

function sourceOver(parts: ConnectorSourceParts, kept: KeptLogins): ConnectorSource {
  const { list, secrets } = parts;
  const made = new Map<string, { readonly of: string; readonly connector: ServiceConnector }>();
  return {
    list,
    with: (consent) => sourceOver({ ...parts, consent }, kept),
    async get(name) {
      const records = await list();
      const record = records.find((each) => each.name === name);
      if (!record) {
        const known = records.map((each) => `"${each.name}"`).join(", ") || "none";
        throw new ImageBuilderError("connectorUnknown", `There is no connector named "${name}" (available: ${known}).`);
      }
      const kind = checkConnector(record);
      const configuration = await resolveSecretReferences(record.configuration, secrets, `the connector "${name}"`);
      const of = JSON.stringify({ ...record, configuration });
      const known = made.get(name);
      if (known?.of === of) return known.connector;
      if (kept.get(name)?.of !== of) kept.set(name, { of, logins: new Map() });
      const connector = makeConnector(record, kind, configuration, parts, kept.get(name)?.logins);
      made.set(name, { of, connector });
      return connector;
    },
  };
}

/** Returns whether ZenML's variable allows methods that use this machine's default credentials. */
export function implicitAllowedBy(env: NodeJS.ProcessEnv): boolean {
  return /^(1|true|yes|y|on)$/i.test(env["ZENML_ENABLE_IMPLICIT_AUTH_METHODS"] ?? "");
}

/** Connector type and authentication method of a connector. */
export interface ConnectorKind {
  readonly type: ConnectorType;
  readonly method: AuthMethod;
}

/**
 * Returns the type and the authentication method of a connector.
 *
 * @throws ImageBuilderError `connectorInvalid`
 */
export function connectorKind(record: ConnectorRecord): ConnectorKind {
  const type = connectorTypes.find((each) => each.name === record.type);
  if (!type)
    throw new ImageBuilderError(
      "connectorInvalid",
      `The connector "${record.name}" has the unknown type "${record.type}". Use one of: ` +
        `${connectorTypes.map(({ name }) => name).join(", ")}.`,
    );
  const method = Object.hasOwn(type.authMethods, record.authMethod) ? type.authMethods[record.authMethod] : undefined;
  if (!method) {
    const known = Object.keys(type.authMethods).join(", ");
    throw new ImageBuilderError(
      "connectorInvalid",
      `The connector "${record.name}" has the unknown authentication method "${record.authMethod}". ` +
        `The type ${type.name} supports: ${known}.`,
    );
  }
  return { type, method };
}

/**
 * Returns the type and the authentication method of a connector, after checking its stored configuration.
 *
 * @throws ImageBuilderError `connectorInvalid` or `configurationInvalid`
 */
export function checkConnector(record: ConnectorRecord): ConnectorKind {
  const { type, method } = connectorKind(record);
  if (record.expiresAt !== undefined && Number.isNaN(Date.parse(record.expiresAt))) {
    throw new ImageBuilderError(
      "connectorInvalid",
      `The connector "${record.name}" has the invalid expiration time "${record.expiresAt}". ` +
        'Use the form "2030-01-31T12:00:00Z".',
    );
  }
  const config = checkConfiguration(
    { name: `${type.name}/${record.authMethod}`, configSchema: method.configSchema },
    record,
  );
  if (record.resourceId !== undefined) type.canonicalId(record.resourceId, config);
  return { type, method };
}

function makeConnector(
  record: ConnectorRecord,
  { type, method }: ConnectorKind,
  configuration: Readonly<Record<string, unknown>>,
  { services, consent }: ConnectorSourceParts,
  logins: Map<string, RegistryLogin> | undefined,
): ServiceConnector {
  const named = { name: `${type.name}/${record.authMethod}`, configSchema: method.configSchema };
  const config = checkConfiguration(named, { name: record.name, configuration, resolved: true });
  return new ServiceConnector(record, type, method, config, services, { consent, logins });
}
