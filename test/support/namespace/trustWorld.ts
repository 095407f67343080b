import { readFileSync } from "node:fs";
import { request, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { connect, type Socket } from "node:net";
import { Registry } from "../../../scripts/engines/registry.mjs";
import { ensureEnginePackages } from "../../../scripts/engines/releases.mjs";
import { ensurePackages } from "../../../scripts/setup/debian.mjs";
import { Authority } from "../certificates";
import { temporaryFolder } from "../folder";
import { lingeringSocket } from "../lingeringSocket";
import type { CoreProcess } from "./coreProcess";
import { Namespace } from "./namespace";

/** The one address of a namespace, besides its loopback. */
const address = "10.99.0.1";

/** The ports of every host, by what answers there: the same real registry behind each. */
export const ports = {
  /** Without TLS. */
  plain: 5000,
  /** As `plain`, for what is said of a host with its port. */
  otherPlain: 5001,
  /** Signed by the company's authority. */
  company: 8441,
  /** As `company`, for what is said of a host with its port. */
  otherCompany: 8442,
  /** By the company, and no longer valid. */
  expired: 8443,
  otherExpired: 8444,
  /** By the company, for another host. */
  elsewhere: 8445,
  /** By an authority that nobody knows. */
  stranger: 8446,
  /** By the company, for those only who show a certificate of it. */
  asking: 8447,
} as const;

/** The hosts' names, all at the one address. */
export const names = ["registry.example.test", "other.example.test"] as const;

/**
 * A namespace with a Docker daemon, and a real registry behind ports with certificates of many kinds: what the daemon
 * and the core say of each must agree.
 */
export class TrustWorld {
  private constructor(
    readonly company: Authority,
    readonly namespace: Namespace,
    readonly core: CoreProcess,
    private readonly registry: Registry,
    private readonly servers: readonly Server[],
  ) {}

  /** @param insecureRegistries what the daemon is told */
  static async start(insecureRegistries: readonly string[]): Promise<TrustWorld> {
    await ensureEnginePackages();
    await ensurePackages({ openssl: "openssl" }, "A registry with TLS");
    const folder = temporaryFolder();
    const [company, stranger] = [new Authority(folder, "company"), new Authority(folder, "stranger")];
    const registry = await new Registry(temporaryFolder()).start();
    const own = names.map((name) => `DNS:${name}`).join(",");
    const web = (authority: Authority, name: string, hosts = own, days = 2, asks = false): Server =>
      tlsServer(authority.sign(name, "serverAuth", hosts, days), registry.address, asks ? authority : undefined);
    const [companys, expired] = [web(company, "company-web"), web(company, "expired-web", own, 0)];
    const servers = {
      [ports.company]: companys,
      [ports.otherCompany]: companys,
      [ports.expired]: expired,
      [ports.otherExpired]: expired,
      [ports.elsewhere]: web(company, "elsewhere-web", "DNS:elsewhere.example.test"),
      [ports.stranger]: web(stranger, "stranger-web"),
      [ports.asking]: web(company, "asking-web", own, 2, true),
    };
    const accept = Object.entries(servers).map(([port, server]) => [
      port,
      (socket: Socket) => void server.emit("connection", lingeringSocket(socket)),
    ]);
    const toPlain = (socket: Socket): void => passOnSocket(socket, registry.address);
    const namespace = await Namespace.start({
      names,
      ports: { [ports.plain]: toPlain, [ports.otherPlain]: toPlain, ...Object.fromEntries(accept) },
      daemon: { insecureRegistries },
    });
    const core = await namespace.core();
    return new TrustWorld(company, namespace, core, registry, [...new Set(Object.values(servers))]);
  }

  async stop(): Promise<void> {
    await this.namespace.stop();
    for (const server of this.servers) server.closeAllConnections();
    await this.registry.remove();
  }
}

/** A host and a port. */
export const place = (port: keyof typeof ports, host: string = names[0]): string => `${host}:${ports[port]}`;

/** The address instead of a name. */
export const byAddress = (port: keyof typeof ports): string => place(port, address);

/** The daemon's own machine. */
export const byLoopback = (port: keyof typeof ports): string => place(port, "127.0.0.1");

function tlsServer({ cert, key }: { cert: string; key: string }, to: string, clients: Authority | undefined): Server {
  const asking = clients ? { requestCert: true, rejectUnauthorized: true, ca: readFileSync(clients.certificate) } : {};
  return createServer({ cert: readFileSync(cert), key: readFileSync(key), ...asking }, (incoming, answer) =>
    passOn(to, incoming, answer),
  ).on("tlsClientError", (_error, socket) => socket.destroy());
}

/** The registry names its own address as it is told that it is. */
function passOn(to: string, incoming: IncomingMessage, answer: ServerResponse): void {
  const [host, port] = to.split(":");
  const headers = { ...incoming.headers, "x-forwarded-proto": "https" };
  const outgoing = request({ host, port, method: incoming.method, path: incoming.url, headers, agent: false }, (real) =>
    real.pipe(answer.writeHead(real.statusCode ?? 502, real.headers)),
  );
  outgoing.on("error", () => answer.destroy());
  incoming.pipe(outgoing);
}

function passOnSocket(socket: Socket, to: string): void {
  const [host, port] = to.split(":");
  const registry = connect(Number(port), host);
  for (const [one, other] of [
    [socket, registry],
    [registry, socket],
  ] as const)
    one.on("error", () => other.destroy()).on("close", () => other.destroy());
  socket.pipe(registry).pipe(socket);
}
