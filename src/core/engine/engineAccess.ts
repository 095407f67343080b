import { isDeepStrictEqual } from "node:util";
import type { Requester, SourceConsent } from "../base/sourceConsent";
import { resolveEndpoint, type Endpoint, type EndpointQuestion } from "../transport/endpoint";
import { silentLog, type Log } from "../base/log";
import { readUserEnvironment, type BuildEnvironment, type UserEnvironment } from "./buildEnvironment";
import type { EngineClient } from "./engineClient";
import type { Pulse } from "./heartbeat";
import { BuildThread } from "../worker/buildThread";
import { identify, probe, type EngineIdentity, type EngineInfo } from "./probe";

/**
 * The way to the daemon. Nothing is connected, and no client loaded, before it is asked for; whoever gets it may use
 * it.
 */
export interface EngineAccess {
  /** Which daemon is used now; found afresh each time, since the user may switch contexts. */
  endpoint(signal?: AbortSignal): Promise<Endpoint>;
  /** Asks the daemon what it is, in a bounded time. */
  probe(signal?: AbortSignal): Promise<EngineInfo>;
  /** Asks it no more than a build must know, which is much faster. */
  identify(signal?: AbortSignal): Promise<EngineIdentity>;
  /** The client for the daemon that is used now, the same one while that does not change. */
  client(): Promise<EngineClient>;
  /** What the user's environment and Docker configuration give to each build by the daemon that is used now. */
  buildEnvironment(log: Log): Promise<BuildEnvironment>;
  /** What serves the daemon while it builds. */
  readonly thread: BuildThread;
}

/**
 * How the daemon is found, how often it is asked for a sign of life while it is at work, and who says that it may be
 * used.
 */
export interface EngineSettings extends Omit<EndpointQuestion, "platform"> {
  readonly pulse?: Pulse;
  /** Asked before each use of a daemon that `requestedBy` chose. */
  readonly consent?: SourceConsent;
  /** The setting that chose the daemon; without it Docker's own configuration did, or the caller. */
  readonly requestedBy?: Requester;
}

/** @throws ImageBuilderError on use: what `resolveEndpoint` and `probe` throw, and `sourceNotConfirmed` */
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
    // What is wrong with the configuration is told by each build.
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
