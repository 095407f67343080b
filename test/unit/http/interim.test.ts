import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { HttpClient } from "../../../src/core/http/httpClient";
import { sendRequest } from "../../../src/core/transport/sendRequest";
import { EngineAgent } from "../../../src/core/transport/transport";

/** Enough to keep whoever reads them busy for some seconds. */
const most = 200_000;

describe("a server that sends interim answers without end", () => {
  let server: Server;
  let sent: number;
  let port: number;
  beforeEach(async () => {
    sent = 0;
    server = createServer((socket) => {
      const interim = "HTTP/1.1 102 Processing\r\n\r\n".repeat(100);
      const more = (): void => {
        while (sent < most && socket.writable) {
          sent += 100;
          if (!socket.write(interim)) return void socket.once("drain", more);
        }
        socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      };
      socket.on("error", () => undefined).once("data", more);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => void server.close());

  it("is left, if it is a daemon", async () => {
    const connection = { kind: "tcp", host: "127.0.0.1", port } as const;
    const agent = new EngineAgent({ address: "test://", source: "the test", connection });
    try {
      await assert.rejects(sendRequest(agent, { path: "/_ping" }), /interim responses without end/);
    } finally {
      agent.destroy();
    }
    assert.ok(sent < most, `${sent} were sent`);
  });

  it("is left, if it is a registry or another service", async () => {
    const url = new URL(`http://127.0.0.1:${port}/v2/`);
    await assert.rejects(new HttpClient({ env: {} }).send({ url }), /interim responses without end/);
    assert.ok(sent < most, `${sent} were sent`);
  });
});
