import { once } from "node:events";
import { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { connectTo } from "./connectTo";
import { openInContainer } from "./containerStream";
import type { Endpoint } from "./endpoint";
import { GrpcClient } from "./grpcClient";

/** Time to wait for a connection, in milliseconds; a TLS handshake with a paused daemon never ends by itself. */
const connectMs = 10_000;

/**
 * Connects to a daemon that speaks gRPC itself, without an upgrade.
 *
 * @throws errors of the connection, with `timeoutMs` if there is none in time; the signal's reason
 */
export async function openGrpc(endpoint: Endpoint, signal: AbortSignal): Promise<GrpcClient> {
  signal.throwIfAborted();
  if (endpoint.container) return new GrpcClient(await openInContainer(endpoint, endpoint.container, signal));
  const socket = connectTo(endpoint);
  const timeout = AbortSignal.timeout(connectMs);
  try {
    // Programs have no such event; they fail with the first call.
    if (socket instanceof Socket)
      await once(socket, socket instanceof TLSSocket ? "secureConnect" : "connect", {
        signal: AbortSignal.any([signal, timeout]),
      });
  } catch (error) {
    socket.on("error", () => {});
    socket.destroy();
    signal.throwIfAborted();
    throw timeout.aborted ? Object.assign(new Error("the connection timed out"), { timeoutMs: connectMs }) : error;
  }
  return new GrpcClient(socket, authorityOf(endpoint));
}

function authorityOf({ connection }: Endpoint): string | undefined {
  if (connection.kind !== "tcp") return undefined;
  const { host, port, tls } = connection;
  return tls?.servername ?? `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
