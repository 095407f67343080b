import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/**
 * Wraps a connection for a server that closes it as soon as something is wrong, so that its last words still arrive:
 * what is written to a closed connection resets it, and with it is lost what was not read yet, such as a TLS alert.
 */
export function lingeringSocket(socket: Socket): Duplex {
  const lingering = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.end();
      socket.resume();
      done(error);
    },
  });
  socket.on("data", (chunk: Buffer) => {
    if (!lingering.destroyed && !lingering.push(chunk)) socket.pause();
  });
  socket.on("end", () => void (lingering.destroyed || lingering.push(null)));
  socket.on("error", () => lingering.destroy());
  socket.on("close", () => lingering.destroy());
  return lingering;
}
