import type { ZodType } from "zod";
import type { Origin } from "../base/sourceConsent";
import type { HttpClient } from "../http/httpClient";
import type { Log } from "../base/log";
import type { AwsSignIn } from "./awsSignIn";

/** A connector as it stands in the settings: how to get at the registries of one service. */
export interface ConnectorRecord {
  readonly name: string;
  readonly id?: string;
  /** Of `ConnectorType`. */
  readonly type: string;
  /** One of its type's. */
  readonly authMethod: string;
  /** As the user wrote it; secrets are `{{name.key}}` references. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** The one registry that it opens, if it is only one. */
  readonly resourceId?: string;
  /** ISO 8601, when the credentials themselves end. */
  readonly expiresAt?: string;
  /** How long before that it counts as expired already; default is 300 s. */
  readonly expirySkewSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** Who wrote it down, if not the person; never part of the settings' entry itself. */
  readonly from?: Origin;
}

/** A login to one registry (ZenML's Docker connector that a cloud's hands out). */
export interface RegistryLogin {
  /** The registry's host. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
  /** When it ends, in milliseconds since 1970; nothing if it does not. */
  readonly expiresAtMs?: number;
}

/** What connectors work with. */
export interface ConnectorServices {
  readonly http: HttpClient;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Whether methods are allowed that use what this machine happens to be signed in as. */
  readonly allowImplicit: boolean;
  /** Whether a registry may be unverified or without TLS, as the daemon has it; default is that none may. */
  readonly insecure?: (host: string, signal?: AbortSignal) => Promise<boolean>;
}

/** What a login is asked for with. */
export interface LoginQuestion<Config> {
  readonly config: Config;
  /** Canonical. */
  readonly resourceId: string;
  readonly services: ConnectorServices;
  readonly signal?: AbortSignal;
}

/** One way to prove who one is. */
export interface AuthMethod<Config extends object = object> {
  readonly displayName: string;
  readonly configSchema: ZodType<Config>;
  /** Whether it uses what this machine is signed in as, which needs to be allowed. */
  readonly isImplicit?: boolean;
  /** Loads what speaks the cloud's protocol, and signs in. */
  login(question: LoginQuestion<Config>): Promise<RegistryLogin>;
  /** The registry that is meant where none is named, if there is one. */
  defaultId?(config: Config): string | undefined;
  /** How to sign in to Amazon, for what is asked of it besides logins. */
  awsSignIn?(config: Config): AwsSignIn;
}

/** A kind of connector (ZenML's `ServiceConnectorType`); knowing it loads nothing. */
export interface ConnectorType {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly resourceType: "docker-registry";
  /** Whether it opens one registry only, so that none need be named. */
  readonly isSingleInstance: boolean;
  readonly authMethods: Readonly<Record<string, AuthMethod>>;
  /**
   * The one way to write a registry's id.
   *
   * @throws ImageBuilderError `connectorInvalid` when it is none of this kind, or contradicts the configuration
   */
  canonicalId(id: string, config: object): string;
  /** Whether two canonical ids mean one registry, which may have several hosts; by default only equal ones do. */
  isSameRegistry?(one: string, other: string): boolean;
  /**
   * The host that the configuration's secrets themselves go to, which they then belong to: a cloud's own, where the
   * registry only gets a token of that. Default is the registry's.
   */
  secretHost?(id: string | undefined, config: object): string;
}
