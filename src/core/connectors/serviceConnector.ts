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

/** What a connector is asked with. */
export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** Whether a login that is known still is not enough, since a registry has refused it. */
  readonly renew?: boolean;
  /** The component that the login is for, where it is one. */
  readonly requestedBy?: Requester;
}

/** What a connector shares with others. */
export interface ConnectorCompany {
  /** Asked before each use of its secrets. */
  readonly consent?: SourceConsent;
  /** The logins that are known, by the registry's id. */
  readonly logins?: Map<string, RegistryLogin>;
}

/** Supplies logins that expire and are renewed (ZenML's `ServiceConnector`). */
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

  /** The registry that it opens where none is named. */
  get defaultId(): string | undefined {
    const id = this.record.resourceId ?? this.method.defaultId?.(this.config);
    return id === undefined ? undefined : this.type.canonicalId(id, this.config);
  }

  /** Whether the connector's own credentials have ended, or do within the tolerance. */
  hasExpired(nowMs = Date.now()): boolean {
    return this.record.expiresAt !== undefined && this.#isOver(Date.parse(this.record.expiresAt), nowMs);
  }

  /** Whether the login to a registry must be fetched anew: none was yet, or it ends within the tolerance. */
  loginHasExpired(resourceId?: string, nowMs = Date.now()): boolean {
    const login = this.#logins.get(this.resourceId(resourceId));
    return !login || (login.expiresAtMs !== undefined && this.#isOver(login.expiresAtMs, nowMs));
  }

  /**
   * When the login to a registry ends that was fetched last, in milliseconds since 1970; nothing where there is none,
   * or it does not end.
   */
  loginEndsAtMs(resourceId?: string): number | undefined {
    return this.#logins.get(this.resourceId(resourceId))?.expiresAtMs;
  }

  /**
   * The registry that is meant: the one that is asked for, as it is written canonically, else the default.
   *
   * @throws ImageBuilderError `connectorInvalid` when it is another than the only one, or none is named
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
   * A login that outlives the tolerance; the one of before, while it does.
   *
   * @throws ImageBuilderError `connectorExpired`, `connectorInvalid`, `sourceNotConfirmed`, or `connectorFailed` with
   * the service's own words
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
   * Has the connector's secrets confirmed without using them.
   *
   * @throws ImageBuilderError `sourceNotConfirmed`
   */
  async confirm(signal?: AbortSignal): Promise<void> {
    await this.#confirm(this.defaultId, undefined, signal);
  }

  /**
   * How to sign in to Amazon, if that is what it is for.
   *
   * @throws ImageBuilderError `connectorInvalid`, `sourceNotConfirmed`
   */
  async awsSignIn(asked?: string, { signal, requestedBy }: ConnectOptions = {}): Promise<AwsSignIn | undefined> {
    if (!this.method.awsSignIn) return undefined;
    await this.#confirm(this.resourceId(asked), requestedBy, signal);
    return this.method.awsSignIn(this.config);
  }

  /**
   * Makes sure that a login can be had and that the registry itself takes it.
   *
   * @returns the registry's id
   * @throws ImageBuilderError what `connect` throws, or what the registry says
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
   * Each secret goes to the service that it is of; who asks is the connector, or the component where only that is
   * somebody else's.
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

  /** What the references of the record have become. */
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
