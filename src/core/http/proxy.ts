import { request } from "node:http";
import { isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ImageBuilderError } from "../base/errors";

/**
 * Returns the proxy for an address from the environment, by the rules of Go programs such as Docker: `HTTPS_PROXY`,
 * `HTTP_PROXY`, `NO_PROXY`, in uppercase or lowercase; undefined for this machine itself.
 *
 * @throws ImageBuilderError `requestFailed` if it is not an HTTP proxy
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): URL | undefined {
  const hostname = hostOf(url);
  if (isLoopback(hostname) || isExempt(hostname, url, env["NO_PROXY"] || env["no_proxy"] || "")) return undefined;
  const text =
    url.protocol === "https:" ? env["HTTPS_PROXY"] || env["https_proxy"] : env["HTTP_PROXY"] || env["http_proxy"];
  if (!text) return undefined;
  const address = /^[a-z0-9]+:\/\//i.test(text) ? text : `http://${text}`;
  if (URL.canParse(address) && /^https?:/i.test(address)) return new URL(address);
  const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  throw new ImageBuilderError(
    "requestFailed",
    `${name} is not a valid HTTP proxy. Set it to "http://host:port", or unset it.`,
  );
}

/** Returns the host of an address without the brackets of IPv6, with which Node would look it up as a name. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** Checks whether a host is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || (isIP(hostname) === 4 && hostname.startsWith("127."));
}

/** Checks a host that may have a port. */
export function isLoopbackHost(host: string): boolean {
  return isLoopback(host.replace(/:\d+$/, "").replace(/^\[|\]$/g, ""));
}

/** Returns the headers that authenticate to a proxy; empty if its address contains no login. */
export function proxyHeaders(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const login = `${decoded(proxy.username)}:${decoded(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

/** Decodes percent-encoded text; a login with a plain "%" is used as written. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Opens a tunnel through a proxy to a host, for TLS with the host itself.
 *
 * @throws ImageBuilderError `requestFailed` if the proxy refuses
 */
export async function tunnel(proxy: URL, target: URL, signal: AbortSignal): Promise<Socket> {
  const authority = `${target.hostname}:${target.port || 443}`;
  return new Promise((resolve, reject) => {
    const options = {
      host: hostOf(proxy),
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: authority,
      signal,
    };
    const createConnection =
      proxy.protocol === "https:"
        ? () => connectTls({ host: hostOf(proxy), port: Number(proxy.port || 443), ...serverNameOf(proxy) })
        : undefined;
    const connecting = request({
      ...options,
      headers: { host: authority, ...proxyHeaders(proxy) },
      ...(createConnection ? { createConnection } : { agent: false }),
    });
    connecting.once("connect", ({ statusCode = 0 }, socket) => {
      if (statusCode === 200) return resolve(socket as Socket);
      socket.destroy();
      const remedy =
        statusCode === 407
          ? "Add the proxy's user name and password to HTTPS_PROXY"
          : "Check that the proxy allows this host, or add the host to NO_PROXY";
      return reject(
        new ImageBuilderError(
          "requestFailed",
          `The proxy ${proxy.host} refused to connect to ${authority} (HTTP ${statusCode}). ${remedy}.`,
        ),
      );
    });
    connecting.on("error", reject).end();
  });
}

/** Returns the name that TLS sends to a server; none for an address, which the protocol does not allow. */
export function serverNameOf(url: URL): { readonly servername?: string } {
  return isIP(hostOf(url)) ? {} : { servername: url.hostname };
}

/**
 * Checks whether a list of hosts contains a host: `*`, a domain including its subdomains, `.domain` for its subdomains
 * only, an address, or a range, each except ranges optionally with a port.
 */
function isExempt(hostname: string, url: URL, list: string): boolean {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => {
      if (entry === "") return false;
      if (entry === "*") return true;
      if (isIP(hostname) === 4 && entry.includes("/")) return isInRange(hostname, entry);
      const { name, port: entryPort } = nameAndPort(entry);
      if (entryPort !== undefined && entryPort !== port) return false;
      const bare = name.replace(/^\*?\.|^\[|\]$/g, "");
      return hostname.endsWith(`.${bare}`) || (hostname === bare && !/^\*?\./.test(name));
    });
}

/**
 * Splits an entry into name and port. An IPv6 address without brackets has no port; an entry with an invalid port has
 * an empty name, which matches no host.
 */
function nameAndPort(entry: string): { readonly name: string; readonly port?: string } {
  const colon = entry.indexOf(":", entry.startsWith("[") ? entry.lastIndexOf("]") + 1 : 0);
  if (colon < 0 || entry.includes(":", colon + 1)) return { name: entry };
  const port = entry.slice(colon + 1);
  return /^\d+$/.test(port) ? { name: entry.slice(0, colon), port } : { name: "" };
}

function isInRange(address: string, range: string): boolean {
  const [network = "", bits] = range.split("/");
  const shift = 32 - Number(bits);
  if (isIP(network) !== 4 || !(shift >= 0 && shift <= 32)) return false;
  return shift === 32 || Math.floor(numberOf(address) / 2 ** shift) === Math.floor(numberOf(network) / 2 ** shift);
}

function numberOf(address: string): number {
  return address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}
