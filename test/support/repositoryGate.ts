import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Login that was shown for a path of the registry. */
export interface ShownLogin {
  readonly method: string;
  readonly path: string;
  /** `user:password`; undefined without a login. */
  readonly login: string | undefined;
}

/**
 * Stands before a real registry and wants another login for each repository, as registries do whose tokens belong to a
 * project.
 */
export class RepositoryGate {
  readonly shown: ShownLogin[] = [];

  private constructor(private readonly server: Server) {}

  /**
   * @param registry host and port of the real registry
   * @param logins `user:password` by repository; the registry itself takes any of them
   */
  static async start(registry: string, logins: Readonly<Record<string, string>>): Promise<RepositoryGate> {
    const server = createServer((incoming, answer) => {
      gate.#handle(incoming, answer, registry, logins);
    });
    const gate = new RepositoryGate(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    return gate;
  }

  /** Host and port. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  /** Logins that were shown for a repository, without repetitions. */
  loginsFor(repository: string): (string | undefined)[] {
    const shown = this.shown.filter(({ path }) => path.startsWith(`/v2/${repository}/`)).map(({ login }) => login);
    return [...new Set(shown)].filter((login) => login !== undefined);
  }

  #handle(
    incoming: IncomingMessage,
    answer: ServerResponse,
    registry: string,
    logins: Readonly<Record<string, string>>,
  ): void {
    const { method = "", url: path = "", headers } = incoming;
    const [, basic] = /^Basic (.+)$/.exec(headers.authorization ?? "") ?? [];
    const login = basic === undefined ? undefined : Buffer.from(basic, "base64").toString();
    this.shown.push({ method, path, login });
    const [, repository] = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//.exec(path) ?? [];
    const wanted = repository === undefined ? Object.values(logins) : [logins[repository]];
    if (login === undefined || !wanted.includes(login)) {
      incoming.resume();
      const body = { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] };
      answer
        .writeHead(401, { "www-authenticate": 'Basic realm="gate"', "content-type": "application/json" })
        .end(JSON.stringify(body));
      return;
    }
    const passedOn = request(`http://${registry}${path}`, { method, headers }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers);
      told.pipe(answer);
    });
    passedOn.on("error", () => answer.destroy());
    incoming.pipe(passedOn);
  }
}
