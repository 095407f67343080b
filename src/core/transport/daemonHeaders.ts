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

/** Headers whose values are never secrets. */
const openHeaders = /^(?:accept(?:-.*)?|cache-control|content-.*|origin|pragma|referer)$/i;
/** Headers whose values are secrets, however short they are. */
const secretHeaders = /auth|cookie|credential|key|passw|secret|session|signature|token/i;
/** Shorter values of other headers are mostly ordinary words. */
const shortestSecret = 8;

/** Lists what nobody may see of the headers for a daemon: their values, and what those consist of. */
export function headerSecrets(headers: DaemonHeaders = {}): string[] {
  const secrets = Object.entries(headers).flatMap(([name, value]) => {
    const text = Buffer.from(value, "latin1").toString("utf8");
    const shortest = secretHeaders.test(name) ? 1 : shortestSecret;
    return openHeaders.test(name) ? [] : [text, ...partsOf(text)].filter((part) => part.length >= shortest);
  });
  return [...new Set(secrets)];
}

const schemes = /^(?:basic|bearer|digest|negotiate|token)?$/i;

/**
 * Returns the token after a scheme, the values of cookies and parameters, and the login that basic authentication
 * packs.
 */
function partsOf(text: string): string[] {
  const words = text.split(/[\s;,]+/).flatMap((word) => [word, word.slice(word.indexOf("=") + 1)]);
  const [, packed = ""] = /^basic +([\w+/=-]+)$/i.exec(text.trim()) ?? [];
  const login = Buffer.from(packed, "base64").toString("utf8");
  return [...words, login, login.slice(login.indexOf(":") + 1)].filter((part) => !schemes.test(part));
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
