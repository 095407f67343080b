import { isDeepStrictEqual } from "node:util";
import { resolveEndpoint, type Endpoint, type EndpointQuestion } from "./endpoint";
import type { EngineClient } from "./engineClient";
import { probe, type EngineInfo } from "./probe";

/** The way to the daemon. Nothing is connected, and no client loaded, before it is asked for. */
export interface EngineAccess {
  /** Which daemon is used now; found afresh each time, since the user may switch contexts. */
  endpoint(): Promise<Endpoint>;
  /** Asks the daemon what it is, in a bounded time. */
  probe(signal?: AbortSignal): Promise<EngineInfo>;
  /** The client for the daemon that is used now, the same one while that does not change. */
  client(): Promise<EngineClient>;
}

/** @throws ImageBuilderError on use: what `resolveEndpoint` and `probe` throw */
export function createEngineAccess(settings: Omit<EndpointQuestion, "platform"> = {}): EngineAccess {
  let current: { readonly endpoint: Endpoint; readonly client: Promise<EngineClient> } | undefined;
  const endpoint = () => resolveEndpoint(settings);
  return {
    endpoint,
    async probe(signal) {
      return probe(await endpoint(), signal);
    },
    async client() {
      const wanted = await endpoint();
      if (!current || !isDeepStrictEqual(current.endpoint, wanted)) current = { endpoint: wanted, client: openClient(wanted) };
      return current.client;
    },
  };
}

async function openClient(endpoint: Endpoint): Promise<EngineClient> {
  const { openEngineClient } = await import("./engineClient");
  return openEngineClient(endpoint);
}
