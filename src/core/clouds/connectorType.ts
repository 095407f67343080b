import type { ZodType } from "zod";
import type { Origin } from "../base/sourceConsent";
import type { HttpClient } from "../http/httpClient";
import type { Log } from "../base/log";
import type { AwsSignIn } from "./awsSignIn";

/** Connector as stored in the settings: how to access the registries of one service. */
export interface ConnectorRecord {
  readonly name: string;
  readonly id?: string;
  /** Name of a `ConnectorType`. */
  readonly type: string;
  /** Name of one of the type's `authMethods`. */
  readonly authMethod: string;
  /** As the user wrote it; secrets are `{{name.key}}` references. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Only registry that the connector has access to; undefined if there can be several. */
  readonly resourceId?: string;
  /** Expiration of the credentials themselves, ISO 8601. */
  readonly expiresAt?: string;
  /** Time before the expiration from which the credentials count as expired, in seconds; default is 300. */
  readonly expirySkewSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** Origin of the record, undefined for the user; never part of the entry in the settings. */
  readonly from?: Origin;
}

/** Login to one registry (ZenML's Docker connector, which cloud connectors hand out). */
export interface RegistryLogin {
  /** Host of the registry. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
  /** Expiration in milliseconds since 1970; undefined if the login doesn't expire. */
  readonly expiresAtMs?: number;
}

/** Services that connectors use. */
export interface ConnectorServices {
  readonly http: HttpClient;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Whether methods are allowed that use this machine's default credentials. */
  readonly allowImplicit: boolean;
  /** Whether a registry may be unverified or without TLS, as the daemon has it; default is that none may. */
  readonly insecure?: (host: string, signal?: AbortSignal) => Promise<boolean>;
}

/** Parameters of a login. */
export interface LoginRequest<Config> {
  readonly config: Config;
  /** Canonical ID of the registry. */
  readonly resourceId: string;
  readonly services: ConnectorServices;
  readonly signal?: AbortSignal;
}

/** Authentication method of a connector type. */
export interface AuthMethod<Config extends object = object> {
  readonly displayName: string;
  readonly configSchema: ZodType<Config>;
  /** Whether the method uses this machine's default credentials, which must be allowed. */
  readonly isImplicit?: boolean;
  /** Loads the cloud's protocol, and signs in. */
  login(question: LoginRequest<Config>): Promise<RegistryLogin>;
  /** Returns the registry to use if none is specified; undefined if there is no default. */
  defaultId?(config: Config): string | undefined;
  /** Returns how to sign in to Amazon, for requests other than logins. */
  awsSignIn?(config: Config): AwsSignIn;
}

/** Type of connector (ZenML's `ServiceConnectorType`); importing it loads no protocol. */
export interface ConnectorType {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly resourceType: "docker-registry";
  /** Whether a connector has access to one registry only, so that none has to be specified. */
  readonly isSingleInstance: boolean;
  readonly authMethods: Readonly<Record<string, AuthMethod>>;
  /**
   * Converts a registry's ID to its canonical form.
   *
   * @throws ImageBuilderError `connectorInvalid` if it is not an ID of this type, or contradicts the configuration
   */
  canonicalId(id: string, config: object): string;
  /** Whether two canonical ids mean one registry, which may have several hosts; by default only equal ones do. */
  isSameRegistry?(one: string, other: string): boolean;
  /**
   * Returns the host that the secrets of the configuration are sent to, and therefore bound to: the cloud's own if the
   * registry only gets a token from there. Default is the registry's.
   */
  secretHost?(id: string | undefined, config: object): string;
}
