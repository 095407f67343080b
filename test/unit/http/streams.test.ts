import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { mock } from "node:test";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { HttpClient } from "../../../src/core/http/httpClient";
import { WaitLimit } from "../../../src/core/http/waitLimit";

const chunk = Buffer.alloc(64 * 1024, 7);

/** A body of so many chunks; counts how often it was begun and how many were taken. */
function bodyOf(chunks: number): {
  sizeBytes: number;
  open: () => AsyncGenerator<Buffer>;
  opened: number;
  taken: number;
} {
  const body = {
    sizeBytes: chunks * chunk.length,
    opened: 0,
    taken: 0,
    async *open() {
      body.opened++;
      for (let i = 0; i < chunks; i++) {
        await Promise.resolve();
        body.taken++;
        yield chunk;
      }
    },
  };
  return body;
}

describe("a stream of bytes", function () {
  this.timeout(60_000);
  let server: Server;
  let answerWith: (request: IncomingMessage, response: ServerResponse) => unknown = () => {};
  const url = (path = "/"): URL => new URL(path, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  before(async () => {
    server = createServer((request, response) => void answerWith(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => void (server.closeAllConnections(), server.close()));

  const http = new HttpClient({ env: {}, certificateFolders: [] });

  it("is sent whole, with its length", async () => {
    let told: string | undefined;
    let bytes = 0;
    answerWith = async (request, response) => {
      told = request.headers["content-length"];
      bytes = (await buffer(request)).length;
      response.writeHead(201).end("done");
    };
    const body = bodyOf(40);
    const { status } = await http.send({ url: url(), method: "PUT", body });
    assert.deepEqual([status, told, bytes, body.opened], [201, String(body.sizeBytes), body.sizeBytes, 1]);
  });

  it("ends where the answer comes before it is sent", async () => {
    answerWith = (_, response) => response.writeHead(413, { connection: "close" }).end("too large");
    const body = bodyOf(4_000);
    const { status } = await http.send({ url: url(), method: "PUT", body });
    assert.equal(status, 413);
    assert.ok(body.taken < 4_000, `${body.taken} chunks`);
  });

  it("fails with what opening it fails with", async () => {
    answerWith = (request) => request.resume();
    const failing = {
      sizeBytes: 10,
      open: async function* () {
        await Promise.resolve();
        yield Buffer.alloc(1);
        throw new Error("the file has changed");
      },
    };
    await assert.rejects(http.send({ url: url(), method: "PUT", body: failing }), /the file has changed/);
  });

  it("fails when the server goes", async () => {
    answerWith = (request) => void request.once("data", () => request.destroy());
    await assert.rejects(http.send({ url: url(), method: "PUT", body: bodyOf(400) }));
  });

  it("has as long for each chunk as others for everything", () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const wait = new WaitLimit(100);
      mock.timers.tick(90);
      wait.renew();
      mock.timers.tick(90);
      assert.equal(wait.signal.aborted, false);
      wait.pause();
      mock.timers.tick(1_000);
      assert.equal(wait.signal.aborted, false);
      wait.renew();
      mock.timers.tick(101);
      assert.equal(wait.signal.aborted, true);
    } finally {
      mock.timers.reset();
    }
  });

  it("is read in chunks, over redirects", async () => {
    answerWith = (request, response) => {
      if (request.url === "/") return response.writeHead(307, { location: "/there" }).end();
      for (let i = 0; i < 300; i++) response.write(chunk);
      return response.end();
    };
    const { status, body } = await http.open({ url: url() });
    let bytes = 0;
    for await (const piece of body) bytes += piece.length;
    assert.deepEqual([status, bytes], [200, 300 * chunk.length]);
  });

  it("is left without reading it to its end", async () => {
    const closed = new Promise((resolve) => {
      answerWith = (_, response) => {
        response.once("close", resolve);
        const more = (): void => void (!response.destroyed && response.write(chunk, more));
        more();
      };
    });
    const { body } = await http.open({ url: url() });
    const chunks = body[Symbol.asyncIterator]();
    await chunks.next();
    await chunks.return?.();
    await closed;
  });

  it("that stops is told as such", async () => {
    answerWith = (_, response) => void response.write("a");
    const limited = new HttpClient({ env: {}, certificateFolders: [], timeoutMs: 200 });
    await assert.rejects(
      async () => {
        const { body } = await limited.open({ url: url() });
        await buffer(body);
      },
      (error) => ImageBuilderError.is(error, "requestFailed") && /did not answer within 0\.2 s/.test(error.message),
    );
  });

  it("ends with the reason of its signal", async () => {
    answerWith = (_, response) => void response.write("a");
    const stop = new AbortController();
    const { body } = await http.open({ url: url(), signal: stop.signal });
    const reason = new Error("cancelled");
    await assert.rejects(
      async () => {
        await body[Symbol.asyncIterator]().next();
        stop.abort(reason);
        await buffer(body);
      },
      (error) => error === reason,
    );
  });
});
