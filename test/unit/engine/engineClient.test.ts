import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { openEngineClient } from "../../../src/core/engine/engineClient";
import { removeTemporaryFolders } from "../../support/folder";
import { socketAddress, socketPlace } from "../../support/socketPlace";

describe("a daemon's sign of life", () => {
  after(removeTemporaryFolders);

  const answers: readonly (readonly [what: string, answer: RequestListener | undefined, isAlive: boolean])[] = [
    ["is its answer", (_, answer) => answer.end("OK"), true],
    ["is its refusal, too", (_, answer) => answer.writeHead(503).end('{"message":"starting"}'), true],
    ["is not a connection that it breaks off", ({ socket }) => socket.destroy(), false],
    ["is not a socket that nobody listens on", undefined, false],
    ["is not silence", () => {}, false],
  ];
  for (const [what, answer, isAlive] of answers) {
    it(`${what}, and asking for it never throws [Z111]`, async () => {
      const path = socketPlace();
      const server = createServer(answer);
      if (answer) await once(server.listen(path), "listening");
      const client = await openEngineClient({
        address: socketAddress(path),
        source: "the test",
        connection: { kind: "socket", path },
      });
      // Silence has no other end.
      assert.equal(await client.ping(AbortSignal.timeout(what === "is not silence" ? 500 : 30_000)), isAlive);
      server.closeAllConnections();
      if (answer) await once(server.close(), "close");
    });
  }
});
