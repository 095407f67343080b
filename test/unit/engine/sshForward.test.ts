import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { listRequest } from "../../../src/core/session/agentProtocol";
import { frame } from "../../../src/core/transport/grpc";
import { forwardAgent } from "../../../src/core/session/sshForward";

describe("a forwarded SSH agent", () => {
  it("that is gone is missed by who asks it, not by who only connects", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      const call = client.request({ ":method": "POST" }).on("error", () => {});
      const [stream] = (await once(server, "stream")) as [ServerHttp2Stream];
      const forwarded = forwardAgent(stream, [], new Map([["default", "/nowhere/agent"]]));
      const refused = assert.rejects(forwarded, /ENOENT/);
      for (let turn = 0; turn < 10; turn++) await nextTurn();
      call.write(frame(Uint8Array.of(10, listRequest.length, ...listRequest)));
      await refused;
    } finally {
      client.destroy();
      server.close();
    }
  });
});
