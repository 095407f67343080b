import { ImageBuilderError, messageOf, systemCodeOf } from "../base/errors";
import { daemonAt, daemonKind } from "./daemonName";
import type { Endpoint } from "./endpoint";
import type { DaemonRefusal } from "./refusalWords";

/**
 * Converts the failure of a probe to an error with its meaning and remedy.
 *
 * @param failure the error that was thrown, or the time limit that was reached
 */
export function probeFailure(endpoint: Endpoint, failure: unknown): ImageBuilderError {
  if (ImageBuilderError.is(failure)) return failure;
  if (isTimeout(failure)) {
    const seconds = failure.timeoutMs / 1000;
    return unreachable(
      endpoint,
      `did not answer within ${seconds} s. Check that it is running and reachable, or restart it`,
    );
  }
  return socketFailure(endpoint, failure) ?? tlsFailure(endpoint, failure) ?? connectionFailure(endpoint, failure);
}

/** Creates the error for an unsuccessful HTTP response of the daemon or of another server. */
export function refusal(endpoint: Endpoint, path: string, refused: DaemonRefusal): ImageBuilderError {
  const { statusCode: status, message, isJson } = refused;
  const words = isJson ? `: ${message}` : "";
  if (/HTTP request to an HTTPS server/i.test(message)) return needsTls(endpoint);
  if (status === 401 || status === 403) {
    return new ImageBuilderError(
      "daemonDenied",
      `${daemon(endpoint)} does not allow ${path} (HTTP ${status}${words}). ` + "Ask its administrator for access.",
    );
  }
  if (status >= 500)
    return unreachable(endpoint, `reported a server error (HTTP ${status}${words}). Check its log, or restart it`);
  return notADaemon(endpoint, `it answers ${path} with HTTP ${status}`);
}

/** Creates the error for a server that does not respond as a Docker daemon does. */
export function notADaemon(endpoint: Endpoint, reason: string, cause?: unknown): ImageBuilderError {
  const message = `The server at ${where(endpoint)} is not a ${daemonKind(endpoint)} (${reason}). Check the address.`;
  return new ImageBuilderError("daemonUnreachable", message, { cause });
}

/** Creates the error for a daemon whose API lacks functions that a build needs. */
export function tooOld(endpoint: Endpoint, version: string, apiVersion: string, needed: string): ImageBuilderError {
  const has = `it is version ${version || "unknown"} with API ${apiVersion}, but API ${needed} is required`;
  return new ImageBuilderError("daemonTooOld", `${daemon(endpoint)} is too old: ${has}. Update Docker there.`);
}

function socketFailure(endpoint: Endpoint, failure: unknown): ImageBuilderError | undefined {
  if (endpoint.connection.kind !== "socket") return undefined;
  switch (systemCodeOf(failure)) {
    case "ENOENT":
      return unreachable(endpoint, `is not running (the socket doesn't exist). ${remediesOf(endpoint).start}`, failure);
    case "ECONNREFUSED":
      return unreachable(endpoint, `is not running (connection refused). ${remediesOf(endpoint).start}`, failure);
    case "ENOTSOCK":
      return notADaemon(endpoint, "the file is not a socket", failure);
    case "EACCES":
    case "EPERM":
      return new ImageBuilderError(
        "daemonDenied",
        `You don't have permission to use the ${daemonKind(endpoint)} at ${where(endpoint)}. ` +
          remediesOf(endpoint).join,
        { cause: failure },
      );
    default:
      return undefined;
  }
}

function tlsFailure(endpoint: Endpoint, failure: unknown): ImageBuilderError | undefined {
  const { connection } = endpoint;
  if (connection.kind !== "tcp") return undefined;
  const code = systemCodeOf(failure) ?? "";
  const message = tlsWords(failure);
  // A TLS server responds to plain text with bytes that are not HTTP.
  if (!connection.tls) return code.startsWith("HPE_") ? needsTls(endpoint, failure) : undefined;

  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || /wrong version number|packet length too long/i.test(message)) {
    const { withoutTls } = remediesOf(endpoint);
    return tls(endpoint, `it does not use TLS. ${withoutTls}, or use its TLS port`, failure);
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return tls(
      endpoint,
      `its certificate is for another host (${message}). Use the host name in the certificate`,
      failure,
    );
  if (/^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT)/.test(code)) {
    const { ca } = remediesOf(endpoint);
    return tls(
      endpoint,
      `its certificate is not trusted (${message}). ${ca} must contain the authority that signed it`,
      failure,
    );
  }
  // Some servers close the connection to an unknown client instead of reporting the reason.
  if (/^ERR_SSL_.*ALERT|ECONNRESET|EPIPE/.test(code)) {
    return tls(
      endpoint,
      `it rejects this client (${message}). ` +
        `${remediesOf(endpoint).pair} must be a client certificate that its authority signed`,
      failure,
    );
  }
  if (/^ERR_(?:OSSL|SSL|CRYPTO)_/.test(code)) {
    const { ca, pair } = remediesOf(endpoint);
    return tls(endpoint, `the TLS files can't be used (${message}). Check ${ca}, ${pair}`, failure);
  }
  return undefined;
}

function connectionFailure(endpoint: Endpoint, failure: unknown): ImageBuilderError {
  const code = systemCodeOf(failure) ?? "";
  switch (code) {
    case "ECONNREFUSED":
      return unreachable(endpoint, "is not running (connection refused). Start it, or check the port", failure);
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return unreachable(endpoint, "can't be found (unknown host name). Check the name and the network", failure);
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return unreachable(endpoint, `can't be reached (${code}). Check the network and the firewall`, failure);
    case "ECONNRESET":
    case "EPIPE": {
      const orTls = endpoint.connection.kind === "tcp" ? " and whether it requires TLS" : "";
      return unreachable(
        endpoint,
        "closed the connection without an answer. " +
          `Check that it is a ${daemonKind(endpoint)}${orTls}, and check its log`,
        failure,
      );
    }
    default:
      if (code.startsWith("HPE_")) return notADaemon(endpoint, "its response is not HTTP", failure);
      if (code.startsWith("ERR_HTTP2_")) return notADaemon(endpoint, "its response is not HTTP/2", failure);
      return unreachable(endpoint, `can't be reached (${messageOf(failure)})`, failure);
  }
}

/** Remedies for a daemon, and the names of its TLS files. */
interface Remedies {
  readonly start: string;
  readonly join: string;
  readonly ca: string;
  readonly pair: string;
  readonly withoutTls: string;
  readonly withTls: string;
}

const ofDocker: Remedies = {
  start:
    process.platform === "linux" ? 'Start it, for example with "sudo systemctl start docker"' : "Start Docker Desktop",
  join: 'Join the group that owns the socket, for example with "sudo usermod -aG docker $USER", and log in again.',
  ca: '"ca.pem"',
  pair: '"cert.pem" and "key.pem"',
  withoutTls: "Unset DOCKER_TLS_VERIFY",
  withTls: "Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use a Docker context with certificates",
};

const ofBuildkit: Remedies = {
  start: "Start buildkitd there, or check the path",
  join: "Join the group that owns the socket, which buildkitd sets with --group, and log in again.",
  ca: 'The file in "ca"',
  pair: 'the files in "cert" and "key"',
  withoutTls: 'Remove "ca", "cert" and "key" from the builder\'s configuration',
  withTls: 'Set "ca", "cert" and "key" in the builder\'s configuration',
};

function remediesOf({ api }: Endpoint): Remedies {
  return api === "buildkit" ? ofBuildkit : ofDocker;
}

function daemon(endpoint: Endpoint): string {
  return `${daemonAt(endpoint)} (${endpoint.source})`;
}

function unreachable(endpoint: Endpoint, what: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError("daemonUnreachable", `${daemon(endpoint)} ${what}.`, { cause });
}

function tls(endpoint: Endpoint, reason: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "daemonTls",
    `Can't connect securely to the ${daemonKind(endpoint)} at ${where(endpoint)}: ${reason}.`,
    { cause },
  );
}

function needsTls(endpoint: Endpoint, cause?: unknown): ImageBuilderError {
  return tls(endpoint, `it requires TLS. ${remediesOf(endpoint).withTls}`, cause);
}

function where(endpoint: Endpoint): string {
  return `${endpoint.address} (${endpoint.source})`;
}

/** Returns only OpenSSL's reason, because its message is a line of internals with a newline. */
function tlsWords(failure: unknown): string {
  const reason = failure instanceof Error && "reason" in failure ? failure.reason : undefined;
  return typeof reason === "string" ? reason : messageOf(failure);
}

function isTimeout(failure: unknown): failure is { readonly timeoutMs: number } {
  return typeof failure === "object" && failure !== null && "timeoutMs" in failure;
}
