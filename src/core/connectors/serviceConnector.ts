import { secretsIn } from "../consent/requests";
import type { Requester, Source, SourceConsent } from "../base/sourceConsent";
import { parseSecretReference } from "../credentials/secretReference";
import { withoutSecrets } from "../credentials/withoutSecrets";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { AwsSignIn } from "../clouds/awsSignIn";
import type {
  AuthMethod,
  ConnectorRecord,
  ConnectorServices,
  ConnectorType,
  RegistryLogin,
} from "../clouds/connectorType";

const defaultSkewSeconds = 300;

/** Options of a login. */
export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** Whether to sign in again even if a login is cached, because the registry has refused it. */
  readonly renew?: boolean;
  /** Component that needs the login, if any. */
  readonly requestedBy?: Requester;
}

/** Objects that a connector shares with other connectors. */
export interface ConnectorCompany {
  /** Asked before each use of the connector's secrets. */
  readonly consent?: SourceConsent;
  /** Cached logins, by the registry's ID. */
  readonly logins?: Map<string, RegistryLogin>;
}

/** Provides logins, and renews those that expire (ZenML's `ServiceConnector`). */
export class ServiceConnector {
  readonly #logins: Map<string, RegistryLogin>;
  readonly #consent: SourceConsent | undefined;

  constructor(
    readonly record: ConnectorRecord,
    readonly type: ConnectorType,
    private readonly method: AuthMethod,
    private readonly config: object,
    private readonly services: ConnectorServices,
    { consent, logins = new Map() }: ConnectorCompany = {},
  ) {
    this.#consent = consent;
    this.#logins = logins;
  }

  get name(): string {
    return this.record.name;
  }

  /** Registry to use if none is specified; undefined if there is no default. */
  get defaultId(): string | undefined {
    const id = this.record.resourceId ?? this.method.defaultId?.(this.config);
    return id === undefined ? undefined : this.type.canonicalId(id, this.config);
  }

  /** Whether the connector's own credentials have expired, or will within the tolerance. */
  hasExpired(nowMs = Date.now()): boolean {
    return this.record.expiresAt !== undefined && this.#isOver(Date.parse(this.record.expiresAt), nowMs);
  }

  /** Whether a new login to a registry is required: none is cached, or it expires within the tolerance. */
  loginHasExpired(resourceId?: string, nowMs = Date.now()): boolean {
    const login = this.#logins.get(this.resourceId(resourceId));
    return !login || (login.expiresAtMs !== undefined && this.#isOver(login.expiresAtMs, nowMs));
  }

  /**
   * Returns the expiration of the cached login to a registry, in milliseconds since 1970; undefined if there is none,
   * or if it doesn't expire.
   */
  loginEndsAtMs(resourceId?: string): number | undefined {
    return this.#logins.get(this.resourceId(resourceId))?.expiresAtMs;
  }

  /**
   * Returns the canonical ID of the requested registry, or of the default one.
   *
   * @throws ImageBuilderError `connectorInvalid` if the connector has no access to it, or if there is no default
   */
  resourceId(asked?: string): string {
    const only = this.defaultId;
    const id = asked === undefined ? only : this.type.canonicalId(asked, this.config);
    if (id === undefined)
      throw new ImageBuilderError(
        "connectorInvalid",
        `The connector "${this.name}" gives access to several registries. Specify which one to use.`,
      );
    const isOnly = only === undefined || id === only || (this.type.isSameRegistry?.(id, only) ?? false);
    if ((this.type.isSingleInstance || this.record.resourceId !== undefined) && !isOnly) {
      throw new ImageBuilderError(
        "connectorInvalid",
        `The connector "${this.name}" is for ${only} and does not allow access to ${id}. Choose another connector.`,
      );
    }
    return id;
  }

  /**
   * Signs in to a registry; returns the cached login unless it expires within the tolerance.
   *
   * @throws ImageBuilderError `connectorExpired`, `connectorInvalid`, `sourceNotConfirmed`, or `connectorFailed` with
   * the service's own message
   */
  async connect(asked?: string, { signal, renew = false, requestedBy }: ConnectOptions = {}): Promise<RegistryLogin> {
    const resourceId = this.resourceId(asked);
    if (this.hasExpired()) {
      throw new ImageBuilderError(
        "connectorExpired",
        `The credentials of the connector "${this.name}" have expired. Update the connector.`,
      );
    }
    if (this.method.isImplicit && !this.services.allowImplicit) {
      const remedy =
        'allow them in Settings, set ZENML_ENABLE_IMPLICIT_AUTH_METHODS to "true", or choose another method';
      throw new ImageBuilderError(
        "connectorFailed",
        `The connector "${this.name}" uses this machine's default credentials, which are not allowed: ${remedy}.`,
      );
    }
    await this.#confirm(resourceId, requestedBy, signal);
    const known = this.#logins.get(resourceId);
    if (known && !renew && !this.loginHasExpired(resourceId)) return known;
    const login = this.#withinOwnLife(await this.#login(resourceId, signal));
    this.#logins.set(resourceId, login);
    return login;
  }

  /**
   * Asks for consent to use the connector's secrets, without using them.
   *
   * @throws ImageBuilderError `sourceNotConfirmed`
   */
  async confirm(signal?: AbortSignal): Promise<void> {
    await this.#confirm(this.defaultId, undefined, signal);
  }

  /**
   * Returns how to sign in to Amazon; undefined for connectors of other clouds.
   *
   * @throws ImageBuilderError `connectorInvalid`, `sourceNotConfirmed`
   */
  async awsSignIn(asked?: string, { signal, requestedBy }: ConnectOptions = {}): Promise<AwsSignIn | undefined> {
    if (!this.method.awsSignIn) return undefined;
    await this.#confirm(this.resourceId(asked), requestedBy, signal);
    return this.method.awsSignIn(this.config);
  }

  /**
   * Signs in, and checks that the registry accepts the login.
   *
   * @returns the registry's ID
   * @throws ImageBuilderError like `connect`, or the registry's error
   */
  async verify(asked?: string, signal?: AbortSignal, requestedBy?: Requester): Promise<string> {
    const resourceId = this.resourceId(asked);
    const { registry, username, password } = await this.connect(resourceId, { signal, renew: true, requestedBy });
    const { RegistryClient } = await import("../distribution/registryClient");
    const answer = { credentials: { username, password }, source: `the connector "${this.name}"` };
    const { http, insecure } = this.services;
    await new RegistryClient({
      host: registry,
      credentials: async () => answer,
      http,
      insecure: async () => (await insecure?.(registry, signal)) ?? false,
    }).ping(signal);
    return resourceId;
  }

  /**
   * Asks for consent to send each secret to its service. The requester is the connector, or the component if only that
   * comes from elsewhere.
   */
  async #confirm(
    resourceId: string | undefined,
    component: Requester | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (!this.#consent) return;
    const { from } = this.record;
    const own: Requester = { kind: "connector", name: this.name, ...(from && { from }) };
    const requestedBy = from === undefined && component?.from !== undefined ? component : own;
    const registry = resourceId?.split("/")[0];
    const host = this.type.secretHost?.(resourceId, this.config) ?? registry ?? this.type.name;
    const destination = {
      kind: "host",
      host,
      ...(registry !== undefined && registry !== host && { registry }),
    } as const;
    for (const source of this.#sources()) await this.#consent.confirm({ source, destination, requestedBy }, signal);
  }

  #sources(): Source[] {
    if (!this.method.isImplicit) return secretsIn(this.record.configuration);
    const { profile } = this.config as { readonly profile?: string };
    return [{ kind: "signIn", cloud: this.type.displayName, ...(profile !== undefined && { profile }) }];
  }

  async #login(resourceId: string, signal: AbortSignal | undefined): Promise<RegistryLogin> {
    try {
      return await this.method.login({ config: this.config, resourceId, services: this.services, signal });
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = withoutSecrets(thrown, this.#secrets);
      const code =
        ImageBuilderError.is(error, "connectorInvalid") || ImageBuilderError.is(error, "connectorExpired")
          ? error.code
          : "connectorFailed";
      throw new ImageBuilderError(
        code,
        `The connector "${this.name}" could not sign in to ${resourceId}: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }

  /** Values of the record's secret references. */
  get #secrets(): string[] {
    const references = Object.keys(this.record.configuration).filter((field) =>
      parseSecretReference(this.record.configuration[field]),
    );
    const config: Readonly<Record<string, unknown>> = { ...this.config };
    return references.map((field) => config[field]).filter((value) => typeof value === "string");
  }

  #withinOwnLife(login: RegistryLogin): RegistryLogin {
    const end = this.record.expiresAt === undefined ? undefined : Date.parse(this.record.expiresAt);
    return end === undefined ? login : { ...login, expiresAtMs: Math.min(end, login.expiresAtMs ?? end) };
  }

  #isOver(endMs: number, nowMs: number): boolean {
    return endMs - (this.record.expirySkewSeconds ?? defaultSkewSeconds) * 1000 < nowMs;
  }
}
