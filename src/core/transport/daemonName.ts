import type { Endpoint } from "./endpoint";

/** Returns what a daemon is called in sentences: `Docker daemon`. */
export function daemonKind({ api }: Pick<Endpoint, "api">): string {
  return api === "buildkit" ? "BuildKit daemon" : "Docker daemon";
}

/** Returns the daemon's name as the subject of a sentence. */
export function daemonAt({ address, api }: Pick<Endpoint, "address" | "api">): string {
  return `The ${daemonKind({ api })} at ${address}`;
}
