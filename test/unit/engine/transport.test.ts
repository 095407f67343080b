import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable, type Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import Dockerode from "dockerode";
import { after, afterEach, describe, it } from "mocha";
import { dockerModem } from "../../../src/core/engine/dockerModem";
import type { Connection, Endpoint } from "../../../src/core/transport/endpoint";
import { agentSocket, EngineAgent } from "../../../src/core/transport/transport";
import { removeTemporaryFolders } from "../../support/folder";
import { socketPlace } from "../../support/socketPlace";

const servers: Server[] = [];
let agent: EngineAgent | undefined;

/** A server that echoes bodies and upgraded connections, and tells how many connections it has taken. */
async function echoServer(listen: (server: Server) => void): Promise<{ server: Server; connections: () => number }> {
  let connections = 0;
  const server = createServer((received, answer) => {
    answer.setHeader("x-path", received.url ?? "");
    received.pipe(answer);
  });
  server.on("connection", () => connections++);
  server.on("upgrade", (_received, stream: Duplex) => {
    stream.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    stream.pipe(stream);
  });
  servers.push(server);
  listen(server);
  await once(server, "listening");
  return { server, connections: () => connections };
}

function endpointOf(connection: Connection): Endpoint {
  return { address: "test://", source: "the test", connection };
}

async function onSocket() {
  const path = socketPlace();
  return { ...(await echoServer((server) => server.listen(path))), connection: { kind: "socket", path } as const };
}

async function onTcp() {
  const { server, connections } = await echoServer((each) => each.listen(0, "127.0.0.1"));
  const { port } = server.address() as AddressInfo;
  return { server, connections, connection: { kind: "tcp", host: "127.0.0.1", port } as const };
}

async function post(body: Iterable<Buffer | string>): Promise<string> {
  const sent = request({ agent, socketPath: agentSocket, path: "/echo?x=1", method: "POST" });
  const answer = once(sent, "response").then(([received]: IncomingMessage[]) => {
    assert.equal(received?.headers["x-path"], "/echo?x=1");
    return text(received);
  });
  // The echo comes while the body is still on its way, so both are moved at once.
  await Promise.all([answer, pipeline(Readable.from(body), sent)]);
  return answer;
}

async function upgrade(): Promise<Duplex> {
  const sent = request({
    agent,
    socketPath: agentSocket,
    path: "/session",
    method: "POST",
    headers: { Connection: "Upgrade", Upgrade: "h2c" },
  });
  sent.end();
  const [, stream] = (await once(sent, "upgrade")) as [unknown, Duplex];
  return stream;
}

describe("EngineAgent", () => {
  afterEach(async () => {
    agent?.destroy();
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });
  after(removeTemporaryFolders);

  for (const [name, open] of [
    ["a socket", onSocket],
    ["TCP", onTcp],
  ] as const) {
    describe(`over ${name}`, () => {
      it("serves requests with bodies of any size", async () => {
        agent = new EngineAgent(endpointOf((await open()).connection));
        assert.equal(await post(["hello"]), "hello");
        const chunk = Buffer.alloc(100_000, "x");
        assert.equal((await post(Array.from({ length: 100 }, () => chunk))).length, 10_000_000);
      });

      it("serves an upgrade, and ends it with the agent", async () => {
        agent = new EngineAgent(endpointOf((await open()).connection));
        const stream = await upgrade();
        stream.write("ping");
        assert.equal(String((await once(stream, "data"))[0]), "ping");
        agent.destroy();
        await once(stream, "close");
        assert.ok(stream.destroyed);
      });

      it("fails a request when nothing listens, by the request's error event", async () => {
        const { server, connection } = await open();
        server.close();
        await once(server, "close");
        agent = new EngineAgent(endpointOf(connection));
        await assert.rejects(post(["x"]), /ENOENT|ECONNREFUSED/);
      });
    });
  }

  describe("on any way", () => {
    it("keeps a TCP connection for the next request", async () => {
      const { connection, connections } = await onTcp();
      agent = new EngineAgent(endpointOf(connection));
      for (let round = 0; round < 3; round++) await post(["x"]);
      assert.equal(connections(), 1);
    });

    it("reports TLS files that are no PEM text by the request's error event", async () => {
      const { connection } = await onTcp();
      agent = new EngineAgent(
        endpointOf({ ...connection, tls: { cert: "nonsense", key: "nonsense", rejectUnauthorized: true } }),
      );
      await assert.rejects(post(["x"]), (error: NodeJS.ErrnoException) => /^ERR_OSSL/.test(error.code ?? ""));
    });
  });

  describe("dockerode's modem", () => {
    it("goes where the agent goes, whatever DOCKER_* variables say", async () => {
      const misleading = {
        DOCKER_HOST: "tcp://127.0.0.1:1",
        DOCKER_TLS_VERIFY: "1",
        DOCKER_CERT_PATH: "/nonexistent",
        DOCKER_PATH_PREFIX: "/elsewhere",
        DOCKER_CLIENT_TIMEOUT: "1",
      };
      const before = { ...process.env };
      Object.assign(process.env, misleading);
      try {
        assert.throws(
          () => new Dockerode({ host: "docker" }),
          /ENOENT/,
          "Modem's constructor no longer reads the environment: the detour can go",
        );
        const { server, connection } = await onSocket();
        const [received] = await Promise.all([
          once(server, "request"),
          new Dockerode({
            modem: dockerModem((agent = new EngineAgent(endpointOf(connection)))),
          } as Dockerode.DockerOptions).ping(),
        ]);
        assert.equal(received[0].url, "/_ping");
        assert.equal(received[0].headers.host, "localhost");
      } finally {
        for (const name of Object.keys(misleading)) delete process.env[name];
        Object.assign(process.env, before);
      }
    });
  });
});
