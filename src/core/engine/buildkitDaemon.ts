import type { Duplex, Readable } from "node:stream";
import type { Endpoint } from "../transport/endpoint";

/** Daemon as a build with BuildKit uses it. */
export interface BuildkitDaemon {
  readonly endpoint: Endpoint;
  /** Opens a connection to BuildKit's API; undefined if builds use the connection of their session. */
  openBuildkit?(signal: AbortSignal): Promise<Duplex>;
  /** Whether images may have several platforms, and BuildKit's exporters for archives are available. */
  hasContainerdStore(signal: AbortSignal): Promise<boolean>;
  /** Returns images as one archive; undefined for a daemon that keeps none. */
  saveImages?(imageNames: readonly string[], signal: AbortSignal): Promise<Readable>;
  /** Returns the host's addresses in the default network of containers. */
  bridgeGateways(signal: AbortSignal): Promise<string[]>;
}
