import { inspect } from "node:util";
import { buildAndPush, type BuildRequest, type Core } from "../../../src/core/jobs/buildAndPush";
import type { Component } from "../../../src/core/base/component";
import { ComponentStore, type Registration } from "../../../src/core/components/componentStore";
import { createConnectorSource } from "../../../src/core/connectors/connectorSource";
import type { ConnectorRecord, ConnectorServices } from "../../../src/core/clouds/connectorType";
import { firstOf, type CredentialSource } from "../../../src/core/credentials/credentialSource";
import { userLogins } from "../../../src/core/credentials/podmanAuth";
import type { SecretValues } from "../../../src/core/credentials/secretStore";
import type { ProgressEvent } from "../../../src/core/operation/progressEvent";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { createComponent } from "../../../src/core/flavors/createComponent";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { HttpClient } from "../../../src/core/http/httpClient";
import type { Log } from "../../../src/core/base/log";
import { checkCredentials } from "../../../src/core/distribution/checkCredentials";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import { ComponentFile } from "../componentFile";
import { recordingOperation } from "../operation";

/** What a person would have stored. */
export interface Stored {
  readonly connectors?: readonly ConnectorRecord[];
  readonly secrets?: Readonly<Record<string, SecretValues>>;
}

/** A failure, with all that is kept in it. */
export interface Failure {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  /** With its stack, its fields and its causes. */
  readonly inspected: string;
}

/** How a job went. */
export interface Outcome<Result> {
  readonly result?: Result;
  readonly failure?: Failure;
  readonly logged: readonly string[];
  readonly events: readonly ProgressEvent[];
}

/** What is sent to this process. */
export interface Call {
  readonly name: keyof Jobs;
  readonly argument: unknown;
}

/** What can be asked of the core from outside its process, by name. */
export type Jobs = typeof jobs;

let stored: Stored = {};
let operation = recordingOperation();
let core: Core | undefined;

const jobs = {
  /** Changes the environment and what is stored; connectors forget their logins. */
  async configure({ env = {}, ...more }: Stored & { readonly env?: NodeJS.ProcessEnv }): Promise<void> {
    Object.assign(process.env, env);
    stored = more;
    core = undefined;
  },

  /** Cancelled as soon as a step writes a text, if one is given. */
  async buildAndPush({ cancelWhen, ...request }: BuildRequest & { readonly cancelWhen?: string }) {
    const cancelling = new AbortController();
    const report = (event: ProgressEvent): void => {
      operation.report(event);
      if (cancelWhen !== undefined && event.kind === "stepLog" && event.text.includes(cancelWhen))
        cancelling.abort(new Error("cancelled by a person"));
    };
    return buildAndPush(request, theCore(), { ...operation, signal: cancelling.signal, report });
  },

  /** Registers a component, in a file as in VS Code's settings. */
  async register({ file, registration }: { readonly file: string; readonly registration: Registration }) {
    const { flavors, services } = theCore();
    const { connectors } = services;
    if (!connectors) throw new Error("There are no connectors.");
    return new ComponentStore({ storage: new ComponentFile(file), flavors, connectors, log: operation.log }).register(
      registration,
    );
  },

  /** Pushes what the daemon has. */
  async push({ registry, imageName }: { readonly registry: Component; readonly imageName: string }) {
    return (await implementation(registry)).pushImage(imageName, operation);
  },

  /** Signs in with a connector, and tells nothing of the login but its end. */
  async login({ connector, registry }: { readonly connector: string; readonly registry: string }) {
    return (await (await theCore().services.connectors?.get(connector))?.connect(registry))?.expiresAtMs;
  },

  /** As a person does who checks whether they may push. */
  async check({ registry, repository }: { readonly registry: Component; readonly repository?: string }) {
    return checkCredentials((await implementation(registry)).place(), { repository });
  },

  /** The tags that a person finds who browses. */
  async tags({ registry, repository }: { readonly registry: Component; readonly repository: string }) {
    const found: string[] = [];
    for await (const page of new RegistryClient((await implementation(registry)).place()).tags(repository))
      found.push(...page.map(({ name }) => name));
    return found;
  },

  /** What the registry itself says of a tag, asked by our own client. */
  async digest({
    registry,
    repository,
    tag,
  }: {
    readonly registry: Component;
    readonly repository: string;
    readonly tag: string;
  }) {
    return new RegistryClient((await implementation(registry)).place()).digestOf(repository, tag);
  },
};

function theCore(): Core {
  core ??= makeCore();
  return core;
}

function makeCore(): Core {
  const log: Log = {
    debug: (message) => operation.log.debug(message),
    info: (message) => operation.log.info(message),
    warn: (message) => operation.log.warn(message),
    error: (message) => operation.log.error(message),
  };
  const secrets = { readSecret: async (name: string) => stored.secrets?.[name] };
  const cloud: ConnectorServices = { http: new HttpClient(), env: process.env, log, allowImplicit: true };
  const passwords: CredentialSource = {
    async find(_host, { secretName: name } = {}) {
      const { username, password } = (name === undefined ? undefined : stored.secrets?.[name]) ?? {};
      return username && password
        ? { credentials: { username, password }, source: `the stored password "${name}"` }
        : undefined;
    },
  };
  return {
    flavors: new FlavorRegistry(),
    services: {
      engine: createEngineAccess(),
      credentials: firstOf(passwords, userLogins({ log })),
      secrets,
      cloud,
      connectors: createConnectorSource({ list: async () => stored.connectors ?? [], services: cloud, secrets }),
    },
  };
}

function implementation(registry: Component) {
  const { flavors, services } = theCore();
  return createComponent("container_registry", registry, flavors, services);
}

async function outcomeOf({ name, argument }: Call): Promise<Outcome<unknown>> {
  operation = recordingOperation();
  const { logged, events } = operation;
  try {
    return { result: await (jobs[name] as (argument: unknown) => Promise<unknown>)(argument), logged, events };
  } catch (error) {
    const failure: Failure = {
      code: ImageBuilderError.is(error) ? error.code : undefined,
      message: error instanceof Error ? error.message : String(error),
      inspected: inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity }),
    };
    return { failure, logged, events };
  }
}

process.on("message", (call: Call) => void outcomeOf(call).then((outcome) => process.send?.(outcome)));
process.on("disconnect", () => process.exit());
process.send?.("ready");
