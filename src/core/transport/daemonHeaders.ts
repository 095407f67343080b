import { validateHeaderName, validateHeaderValue } from "node:http";
import type { DockerConfig } from "../credentials/dockerConfigFile";

/** Headers for each request to a daemon, by their names. */
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
 * Reads the headers that Docker's configuration adds to each request to the daemon, as the docker CLI sends them.
 *
 * @returns also the names of those that cannot be part of a request
 */
export function daemonHeaders({ HttpHeaders }: Pick<DockerConfig, "HttpHeaders">): {
  readonly headers: DaemonHeaders;
  readonly unsendable: readonly string[];
} {
  const headers: Record<string, string> = {};
  const unsendable: string[] = [];
  for (const [name, written] of Object.entries(HttpHeaders ?? {})) {
    // Node takes a character for a byte; Go sends UTF-8.
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
