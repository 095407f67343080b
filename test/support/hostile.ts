import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What runs a command of VS Code where a text is taken for more than a text. */
export const hostileLink = "[Fix it](command:workbench.action.openSettings)";
/** An icon that VS Code itself draws nowhere. */
export const hostileIcon = "$(flame)";
export const turned = "\u202egpj.exe";
/** All of it in one line; a file may have this name. */
export const hostile = `${hostileLink} ${hostileIcon} ${turned}\u001b[31m`;
/** The same over lines: a line of a link alone is a button above a tree. */
export const hostileLines = `a\n${hostileLink}\n${hostileIcon} b`;

const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** A registry that says hostile things wherever it may say something: in refusals, names, labels and history. */
export class HostileRegistry {
  private constructor(private readonly server: Server) {}

  /** @param kind whether it refuses everything, or lists what it has */
  static async start(kind: "refuses" | "lists"): Promise<HostileRegistry> {
    const config = JSON.stringify({
      architecture: "amd64",
      os: "linux",
      created: "2024-01-01T00:00:00Z",
      rootfs: { type: "layers", diff_ids: [] },
      config: {
        Labels: { [hostileLink]: hostile, "org.opencontainers.image.title": hostileLines },
        Env: [`A=${hostile}`],
        Cmd: [hostile],
        WorkingDir: `/${hostileLink}`,
      },
      history: [{ created_by: hostile }],
    });
    const digest = `sha256:${createHash("sha256").update(config).digest("hex")}`;
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest, size: config.length },
      layers: [],
      annotations: { [hostileLink]: hostile },
    });
    const server = createServer(({ url = "" }, answer) => {
      const json = (status: number, value: unknown, headers = {}): unknown =>
        answer.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
      if (kind === "refuses")
        return json(
          401,
          { errors: [{ code: "DENIED", message: `${hostile} ${hostileLines}`, detail: hostile }] },
          { "www-authenticate": 'Basic realm="x"' },
        );
      if (url.includes("/_catalog")) return json(200, { repositories: ["team/app", hostile, hostileLines] });
      if (url.includes("/tags/list")) return json(200, { name: "team/app", tags: ["1.0", hostile, hostileLines] });
      if (url.includes("/manifests/"))
        return answer
          .writeHead(200, {
            "content-type": manifestType,
            "docker-content-digest": `sha256:${createHash("sha256").update(manifest).digest("hex")}`,
          })
          .end(manifest);
      if (url.includes("/blobs/"))
        return answer.writeHead(200, { "content-type": "application/octet-stream" }).end(config);
      return json(200, {});
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    return new HostileRegistry(server);
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
}
