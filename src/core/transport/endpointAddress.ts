import { ImageBuilderError, type ErrorCode } from "../base/errors";
import { networkHost } from "../base/networkPath";
import { isLoopback } from "../http/proxy";

/** Security of a TCP connection: PEM texts, and whether the daemon's certificate is verified. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
  /** Name in the daemon's certificate, also sent to proxies; default is the host. */
  readonly servername?: string;
  readonly ALPNProtocols?: string[];
}

/** Connection to a daemon; on Windows, a socket's path is that of a named pipe. */
export type Connection =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls?: TlsOptions }
  | {
      readonly kind: "ssh";
      readonly host: string;
      readonly port?: number;
      readonly user?: string;
      readonly path?: string;
    };

/**
 * Checks whether a daemon is on this machine as far as can be determined: it is reached over a socket or pipe, not over
 * TCP or SSH.
 */
export function isHere({ connection }: { readonly connection: Connection }): boolean {
  return connection.kind === "socket";
}

/** Whether a registry's host means the same machine here and for the daemon: `localhost` of another one does not. */
export function isSameHostFor(daemon: { readonly connection: Connection }, host: string): boolean {
  return isHere(daemon) || !isLoopback(host.replace(/:\d+$/, "").replace(/^\[|\]$/g, ""));
}

/** Address as it was found, with the details for its error. */
export interface WrittenAddress {
  readonly text: string;
  /** Place where it was found, in words. */
  readonly source: string;
  /** Error code for an invalid address. */
  readonly code: ErrorCode;
}

/** Limit in characters: longer than any host name with a user and a path. */
const maxLength = 1024;
const maxShown = 200;

/**
 * User names for SSH, stricter than OpenSSH itself: no white space, no characters that a shell interprets, and no
 * options. A backslash ends a domain.
 */
const userPattern = /^[A-Za-z0-9_](?:[A-Za-z0-9_.@+\\-]*[A-Za-z0-9_.@+-])?$/;

const schemes = "unix://, npipe://, tcp:// and ssh://";

/** Returns the default socket or pipe of Docker. */
export function defaultSocketPath(platform: NodeJS.Platform): string {
  return platform === "win32" ? "//./pipe/docker_engine" : "/var/run/docker.sock";
}

/**
 * Parses an address as in `DOCKER_HOST`; `host:port` means TCP, as in Docker.
 *
 * @param secure whether the default port of a TCP address is 2376 instead of 2375
 * @throws ImageBuilderError with the address's own code, and the reason
 */
export function parseAddress(address: WrittenAddress, platform: NodeJS.Platform, secure: boolean): Connection {
  const text = address.text.trim();
  if (text.length > maxLength) throw wrong(address, `it has more than ${maxLength} characters`);
  if (/[\p{Cc}\p{Cf}]/u.test(text)) throw wrong(address, "it contains invisible characters. Remove them");
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  switch (scheme?.toLowerCase()) {
    case "unix":
      if (platform === "win32")
        throw wrong(address, "Windows has no Unix sockets for Docker. Use npipe:////./pipe/docker_engine");
      if (rest !== "" && !rest.startsWith("/"))
        throw wrong(address, `the path of a socket must be absolute. Use unix:///${rest}`);
      return { kind: "socket", path: rest || defaultSocketPath(platform) };
    case "npipe":
      if (platform !== "win32")
        throw wrong(address, "named pipes are available only on Windows. Use unix:///var/run/docker.sock");
      // One of another computer would count as a daemon of this machine, and Windows would sign in there.
      if (networkHost(rest, platform) !== undefined)
        throw wrong(address, "the pipe is on another computer. Use a pipe of this computer, tcp:// or ssh://");
      return { kind: "socket", path: rest || defaultSocketPath(platform) };
    case "tcp":
      return tcpConnection(address, rest, secure);
    case "ssh":
      return sshConnection(address, rest);
    case "http":
    case "https":
      throw wrong(address, `use tcp://${rest} and enable TLS with DOCKER_TLS_VERIFY or a Docker context`);
    case undefined:
      if (text.startsWith("/")) throw wrong(address, `use unix://${text}`);
      if (/^(?:unix|npipe|tcp|ssh):(?:\/|$)/i.test(text))
        throw wrong(address, `two slashes must follow the scheme. Supported schemes: ${schemes}`);
      return tcpConnection(address, text, secure);
    default:
      throw wrong(address, `the scheme "${scheme}" is not supported. Supported schemes: ${schemes}`);
  }
}

function tcpConnection(address: WrittenAddress, rest: string, secure: boolean): Connection {
  // Docker treats a missing host as this machine.
  const url = parseUrl(address, rest.startsWith(":") ? `127.0.0.1${rest}` : rest);
  if (url.username || url.password) throw wrong(address, "a TCP address can't contain a user name. Remove it");
  if (url.pathname !== "" && url.pathname !== "/")
    throw wrong(address, `a path is not allowed. Remove "${url.pathname}"`);
  return { kind: "tcp", host: url.host, port: url.port ?? (secure ? 2376 : 2375) };
}

function sshConnection(address: WrittenAddress, rest: string): Connection {
  const url = parseUrl(address, rest);
  if (url.password) throw wrong(address, "a password is not allowed. Use a key or the SSH agent");
  if (url.username.startsWith("-")) throw wrong(address, 'a user name can\'t start with "-"');
  if (url.username !== "" && !userPattern.test(url.username))
    throw wrong(address, 'a user name can contain only letters, digits and "_.@+-", or a domain before "\\"');
  const path = url.pathname === "/" ? "" : url.pathname;
  // The path passes through the shell of the remote machine.
  if (!/^[\w./@+-]*$/.test(path))
    throw wrong(address, `the socket path "${path}" contains characters that aren't allowed`);
  return {
    kind: "ssh",
    host: url.host,
    ...(url.port && { port: url.port }),
    ...(url.username && { user: url.username }),
    ...(path && { path }),
  };
}

interface UrlParts {
  readonly host: string;
  readonly port: number | undefined;
  readonly username: string;
  readonly password: string;
  readonly pathname: string;
}

function parseUrl(address: WrittenAddress, rest: string): UrlParts {
  const text = `tcp://${rest}`;
  const url = !/[\s?#]/.test(rest) && URL.canParse(text) ? new URL(text) : undefined;
  // A "%" that is not an escape is not part of any name, and decoding it would throw.
  if (!url?.hostname || /%(?![0-9a-f]{2})/i.test(url.username))
    throw wrong(address, `specify a host and, optionally, a port. Supported schemes: ${schemes}`);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // ssh would read a host that begins with "-" as an option.
  if (host.length > 253 || !/^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*|[0-9a-f:.]+)$/.test(host))
    throw wrong(address, `"${host}" is not a valid host name`);
  if (url.port === "0") throw wrong(address, "port 0 is not valid");
  const { password, pathname } = url;
  return {
    host,
    port: url.port === "" ? undefined : Number(url.port),
    username: decoded(address, url.username),
    password,
    pathname,
  };
}

function decoded(address: WrittenAddress, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw wrong(address, "the user name is not valid UTF-8", error);
  }
}

function wrong(address: WrittenAddress, reason: string, cause?: unknown): ImageBuilderError {
  const shown = withoutPassword(address.text.slice(0, maxShown).replace(/[\p{Cc}\p{Cf}]/gu, "\ufffd"));
  return new ImageBuilderError(
    address.code,
    `The Docker daemon's address "${shown}" from ${address.source} is not valid: ${withoutPassword(reason)}.`,
    { cause },
  );
}

/** Hides the password of an address, which may be part of a sentence, and may lack its scheme. */
function withoutPassword(text: string): string {
  const at = text.lastIndexOf("@");
  const scheme = text.indexOf("://");
  const colon = text.indexOf(":", scheme >= 0 && scheme < at ? scheme + "://".length : 0);
  return colon >= 0 && colon < at ? `${text.slice(0, colon)}:***${text.slice(at)}` : text;
}
