import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers as a registry does that asks for one name and password, and has nothing else. */
export class PasswordServer {
  /** How often it was asked with the right ones. */
  accepted = 0;

  private constructor(private readonly server: Server) {}

  static async start(login: string): Promise<PasswordServer> {
    const wanted = `Basic ${Buffer.from(login).toString("base64")}`;
    const server = createServer((incoming, answer) => {
      const isRight = incoming.headers.authorization === wanted;
      if (isRight) started.accepted++;
      if (!isRight) answer.writeHead(401, { "www-authenticate": 'Basic realm="tests"' });
      else if (incoming.method === "POST") answer.writeHead(202, { location: "/v2/uploads/1" });
      answer.end("{}");
    });
    const started = new PasswordServer(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    return started;
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
