import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { Endpoint } from "./endpoint";
import { SshStream } from "./sshStream";

/**
 * Starts to connect to a daemon over a socket, TCP, TLS, or SSH.
 *
 * @throws errors of TLS material that isn't PEM; all other failures are events of the stream
 */
export function connectTo(endpoint: Endpoint): Duplex {
  const { connection } = endpoint;
  switch (connection.kind) {
    case "socket":
      return connect({ path: connection.path });
    case "tcp": {
      const { host, port, tls } = connection;
      return tls ? connectTls({ host, port, ...tls }) : connect({ host, port, noDelay: true });
    }
    case "ssh":
      return new SshStream(connection, endpoint);
  }
}
