import { validateHeaderName, validateHeaderValue } from "node:http";
import type { DockerConfig } from "../credentials/dockerConfigFile";

/** Headers of each request to a daemon, by name. */
export type DaemonHeaders = Readonly<Record<string, string>>;

/** Headers that the docker CLI sets itself or never sends, and those of a single connection. */
const ownHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);

/**
 * Returns the headers that Docker's configuration adds to each request to the daemon, as the docker CLI sends them.
 *
 * @returns the headers, and the names of those that can't be sent
 */
export function daemonHeaders({ HttpHeaders }: Pick<DockerConfig, "HttpHeaders">): {
  readonly headers: DaemonHeaders;
  readonly unsendable: readonly string[];
} {
  const headers: Record<string, string> = {};
  const unsendable: string[] = [];
  for (const [name, written] of Object.entries(HttpHeaders ?? {})) {
    // Node sends each character as a byte; Go sends UTF-8.
    const value = Buffer.from(written ?? "", "utf8").toString("latin1");
    if (!isSendable(name, value)) unsendable.push(name);
    else if (!ownHeaders.has(name.toLowerCase())) headers[name] = value;
  }
  return { headers, unsendable };
}

function isSendable(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false; // The error would quote the value.
  }
}
