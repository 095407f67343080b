import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { temporaryFolder } from "./folder";

const isWindows = process.platform === "win32";

/** Returns where a test's server may listen: a socket in a folder of its own, or a named pipe on Windows. */
export function socketPlace(): string {
  return isWindows ? `//./pipe/image-builders-${randomUUID()}` : join(temporaryFolder(), "d.sock");
}

/** The address of a daemon that listens there, as `DOCKER_HOST` has it. */
export function socketAddress(place: string): string {
  return `${isWindows ? "npipe" : "unix"}://${place}`;
}
