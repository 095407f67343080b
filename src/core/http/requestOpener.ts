import { request as requestPlain, type ClientRequest, type RequestOptions } from "node:http";
import { request as requestSecure } from "node:https";
import { connect as connectTls } from "node:tls";
import { failedAt } from "./failedPlace";
import { hostOf, proxyFor, proxyHeaders, serverNameOf, tunnel } from "./proxy";
import { certificateFolders, trustFor, type Trust } from "./trust";

/** Options of the machine that a client uses. */
export interface MachineOptions {
  /** Source of proxies and `SSL_CERT_FILE`; default is `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Folders of certificates; default is Docker's. */
  readonly certificateFolders?: readonly string[];
}

/** Starts requests: directly or through a proxy of the environment, with the trust of this machine. */
export class RequestOpener {
  readonly #env: NodeJS.ProcessEnv;
  readonly #folders: readonly string[];
  readonly #trust = new Map<string, Promise<Trust>>();

  constructor({ env = process.env, certificateFolders: folders }: MachineOptions) {
    this.#env = env;
    this.#folders = folders ?? certificateFolders(env);
  }

  /**
   * Starts a request whose body the caller writes.
   *
   * @throws Error of a proxy that can't be reached, or of certificates that can't be read
   */
  async open(
    url: URL,
    options: RequestOptions & { readonly signal: AbortSignal },
    unverified: boolean,
  ): Promise<ClientRequest> {
    const proxy = proxyFor(url, this.#env);
    if (url.protocol === "http:") {
      if (!proxy) return requestPlain(url, { ...options, agent: false });
      const place = { host: hostOf(proxy), port: proxy.port || 80, path: url.href };
      // The check is about the service, and would refuse a proxy on this machine.
      return requestPlain({
        ...options,
        ...place,
        lookup: undefined,
        agent: false,
        headers: { host: url.host, ...(options.headers as Record<string, string>), ...proxyHeaders(proxy) },
      });
    }
    const trust = unverified ? { rejectUnauthorized: false } : await this.#trustIn(url.host);
    if (!proxy) return requestSecure(url, { ...options, ...trust, agent: false });
    const socket = await tunnel(proxy, url, options.signal).catch((error: unknown) => {
      throw failedAt(error, { host: proxy.host, role: "proxy" });
    });
    return requestSecure(url, {
      ...options,
      ...trust,
      defaultPort: 443,
      createConnection: () => connectTls({ socket, ...serverNameOf(url), host: hostOf(url), ...trust }),
    });
  }

  #trustIn(host: string): Promise<Trust> {
    const known = this.#trust.get(host);
    if (known) return known;
    const trust = trustFor(host, { env: this.#env, folders: this.#folders });
    this.#trust.set(host, trust);
    trust.catch(() => this.#trust.delete(host)); // Allows fixed files to be used without a restart.
    return trust;
  }
}
