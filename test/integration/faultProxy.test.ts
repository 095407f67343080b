import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { FaultProxy } from "../support/faultProxy";

describe("the fault proxy", () => {
  let server: Server;
  let proxy: FaultProxy;
  const ask = (path: string, body?: Uint8Array) =>
    fetch(`http://${proxy.address}${path}`, { method: body ? "PUT" : "GET", body });

  before(async () => {
    server = createServer((incoming, answer) => {
      let length = 0;
      incoming.on("data", (chunk: Buffer) => (length += chunk.length));
      incoming.on("end", () => answer.end(`${incoming.method} ${incoming.url} ${length}`));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    proxy = await FaultProxy.start(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  beforeEach(() => proxy.setRules());
  after(async () => {
    await proxy.stop();
    server.close();
  });

  it("passes requests and their bodies on", async () => {
    assert.equal(await (await ask("/a", Buffer.alloc(100_000))).text(), "PUT /a 100000");
    assert.equal(proxy.requests.at(-1), "PUT /a");
  });

  it("answers with a status as often as asked, and only where the rule fits", async () => {
    proxy.setRules({ path: /^\/busy/, times: 2, fault: { kind: "status", status: 503 } });
    const statuses = [];
    for (const path of ["/busy", "/else", "/busy", "/busy"]) statuses.push((await ask(path)).status);
    assert.deepEqual(statuses, [503, 200, 503, 200]);
  });

  it("breaks a connection at once, or when enough of the body has passed", async () => {
    proxy.setRules(
      { method: "GET", fault: { kind: "reset" } },
      { method: "PUT", fault: { kind: "reset", afterBytes: 200_000 } },
    );
    await assert.rejects(ask("/a"));
    await assert.rejects(ask("/a", Buffer.alloc(1_000_000)));
    assert.equal((await ask("/a", Buffer.alloc(100_000))).status, 200);
  });

  it("leaves a request without an answer", async () => {
    proxy.setRules({ fault: { kind: "hang" } });
    await assert.rejects(fetch(`http://${proxy.address}/`, { signal: AbortSignal.timeout(200) }), {
      name: "TimeoutError",
    });
  });

  it("holds bodies to a rate", async () => {
    proxy.uploadRate = 1_000_000;
    const begun = performance.now();
    await ask("/a", Buffer.alloc(300_000));
    proxy.uploadRate = undefined;
    assert.ok(performance.now() - begun > 200);
  });
});
