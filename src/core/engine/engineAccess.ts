import { isDeepStrictEqual } from "node:util";
import type { Requester, SourceConsent } from "../base/sourceConsent";
import { resolveEndpoint, type Endpoint, type EndpointOptions } from "../transport/endpoint";
import { silentLog, type Log } from "../base/log";
import { readUserEnvironment, type BuildEnvironment, type UserEnvironment } from "./buildEnvironment";
import type { EngineClient } from "./engineClient";
import type { Pulse } from "./heartbeat";
import { BuildThread } from "../worker/buildThread";
import { identify, probe, type EngineIdentity, type EngineInfo } from "./probe";

/** Access to the daemon. Connects, and loads the client, only on first use; its users may call all methods. */
export interface EngineAccess {
  /** Resolves the endpoint of the current daemon; each call resolves it again, because the user may switch contexts. */
  endpoint(signal?: AbortSignal): Promise<Endpoint>;
  /** Asks the daemon for its description, within a time limit. */
  probe(signal?: AbortSignal): Promise<EngineInfo>;
  /** Asks only for what a build needs, which is much faster. */
  identify(signal?: AbortSignal): Promise<EngineIdentity>;
  /** Returns the client of the current daemon; the same one as long as the endpoint doesn't change. */
  client(): Promise<EngineClient>;
  /**
   * Reads the settings that the user's environment and Docker configuration add to each build with the current daemon.
   */
  buildEnvironment(log: Log): Promise<BuildEnvironment>;
  /** Thread that serves the daemon during builds. */
  readonly thread: BuildThread;
}

/** Settings for finding the daemon, pinging it while it works, and confirming its use. */
export interface EngineSettings extends Omit<EndpointOptions, "platform"> {
  readonly pulse?: Pulse;
  /** Asked before each use of a daemon that `requestedBy` chose. */
  readonly consent?: SourceConsent;
  /** Setting that chose the daemon; undefined if Docker's own configuration or the caller did. */
  readonly requestedBy?: Requester;
}

/**
 * Creates the access to a daemon. @throws ImageBuilderError on use: errors of `resolveEndpoint` and `probe`, and
 * `sourceNotConfirmed`
 */
export function createEngineAccess({ pulse, consent, requestedBy, ...settings }: EngineSettings = {}): EngineAccess {
  let current: { readonly endpoint: Endpoint; readonly client: Promise<EngineClient> } | undefined;
  const environmentAt = (found: Endpoint, log: Log): Promise<UserEnvironment> => {
    const { env = process.env, homeDir } = settings;
    return readUserEnvironment({ endpoint: found, env, homeDir, isForeign: requestedBy?.from !== undefined }, log);
  };
  const endpoint = async (signal?: AbortSignal): Promise<Endpoint> => {
    const found = await resolveEndpoint(settings);
    if (requestedBy)
      await consent?.confirm(
        { source: { kind: "builds" }, destination: { kind: "daemon", address: found.address }, requestedBy },
        signal,
      );
    // Each build reports problems of the configuration.
    const { headers } = await environmentAt(found, silentLog);
    return Object.keys(headers).length > 0 ? { ...found, headers } : found;
  };
  return {
    endpoint,
    thread: new BuildThread(),
    async probe(signal) {
      return probe(await endpoint(signal), signal);
    },
    async identify(signal) {
      return identify(await endpoint(signal), signal);
    },
    async client() {
      const wanted = await endpoint();
      if (!current || !isDeepStrictEqual(current.endpoint, wanted))
        current = { endpoint: wanted, client: openClient(wanted, pulse) };
      return current.client;
    },
    async buildEnvironment(log) {
      return environmentAt(await endpoint(), log);
    },
  };
}

async function openClient(endpoint: Endpoint, pulse: Pulse | undefined): Promise<EngineClient> {
  const { openEngineClient } = await import("./engineClient");
  return openEngineClient(endpoint, pulse);
}
