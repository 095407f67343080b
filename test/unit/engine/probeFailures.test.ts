import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "mocha";
import type { ErrorCode } from "../../../src/core/base/errors";
import type { Endpoint } from "../../../src/core/transport/endpoint";
import { openEngineClient } from "../../../src/core/engine/engineClient";
import { probe } from "../../../src/core/engine/probe";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { socketAddress, socketPlace } from "../../support/socketPlace";
import { servers, type Answers, docker20, listening, answering, fails } from "./probeSupport";

function tcp(port: number, host = "127.0.0.1"): Endpoint {
  return { address: `tcp://${host}:${port}`, source: "the test", connection: { kind: "tcp", host, port } };
}

describe("probe", () => {
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
    removeTemporaryFolders();
  });

  describe("says why it cannot reach a daemon [Z87]", () => {
    const answers: [what: string, answers: Answers, code: ErrorCode, words: RegExp][] = [
      [
        "an API that is too old",
        { version: { ...docker20, Version: "17.05.0", ApiVersion: "1.29" } },
        "daemonTooOld",
        /17\.05\.0.*API 1\.29.*API 1\.32/,
      ],
      [
        "an API 1.9, which is older than 1.32",
        { version: { ...docker20, ApiVersion: "1.9" } },
        "daemonTooOld",
        /API 1\.9/,
      ],
      [
        "another server's 404",
        { pingStatus: 404, ping: "<html>not here</html>" },
        "daemonUnreachable",
        /not a Docker daemon.*HTTP 404/,
      ],
      ["another server's page", { ping: "<html>", version: "<html>" }, "daemonUnreachable", /not a Docker daemon/],
      ["JSON that is no version", { version: "[1]" }, "daemonUnreachable", /not a Docker daemon/],
      ["a redirect", { pingStatus: 301 }, "daemonUnreachable", /HTTP 301/],
      [
        "a daemon in trouble",
        { pingStatus: 503, ping: '{"message":"is \\"starting\\""}' },
        "daemonUnreachable",
        /HTTP 503: is .*starting/,
      ],
      [
        "a proxy that does not allow it",
        { versionStatus: 403, version: '{"message":"no"}' },
        "daemonDenied",
        /\/version \(HTTP 403: no\)/,
      ],
      [
        "a TLS server's answer to plain text",
        { pingStatus: 400, ping: "Client sent an HTTP request to an HTTPS server.\n" },
        "daemonTls",
        /DOCKER_TLS_VERIFY/,
      ],
      ["an answer without end", { version: "x".repeat(2_000_000) }, "daemonUnreachable", /not a Docker daemon/],
    ];
    for (const [what, given, code, words] of answers) {
      it(what, async () => {
        const endpoint = await answering(given);
        await assert.rejects(probe(endpoint), fails(code, endpoint, words));
      });
    }

    it("a socket that is not there", async () => {
      const path = socketPlace();
      const endpoint: Endpoint = {
        address: socketAddress(path),
        source: "default socket",
        connection: { kind: "socket", path },
      };
      await assert.rejects(
        probe(endpoint),
        fails("daemonUnreachable", endpoint, /\(the socket doesn't exist\)\. Start/),
      );
    });

    it("a file in the socket's place", async () => {
      const endpoint = await answering({});
      const path = join(temporaryFolder(), "file");
      writeFileSync(path, "");
      await assert.rejects(
        probe({ ...endpoint, connection: { kind: "socket", path } }),
        fails("daemonUnreachable", endpoint, /start/),
      );
    });

    it("a socket one may not use", async () => {
      const endpoint = await answering({});
      assert.ok(endpoint.connection.kind === "socket");
      chmodSync(endpoint.connection.path, 0o000);
      // Root may use every socket, so it becomes nobody until there is an answer; what is loaded may be root's own.
      await openEngineClient(endpoint);
      const isRoot = process.geteuid?.() === 0;
      if (isRoot) process.seteuid?.(65534);
      const answer = probe(endpoint).finally(() => isRoot && process.seteuid?.(0));
      await assert.rejects(answer, fails("daemonDenied", endpoint, /usermod -aG docker/));
    });

    it("a TCP port where nothing listens", async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      const endpoint = tcp((server.address() as AddressInfo).port);
      server.close();
      await once(server, "close");
      await assert.rejects(probe(endpoint), fails("daemonUnreachable", endpoint, /refused/));
    });

    it("a host that does not exist", async () => {
      const endpoint = tcp(2375, "no-such-host.invalid");
      await assert.rejects(probe(endpoint), fails("daemonUnreachable", endpoint, /unknown host name/));
    });

    it("something that closes the connection", async () => {
      const endpoint = await listening(createServer((socket) => socket.resume().end()));
      await assert.rejects(probe(endpoint), fails("daemonUnreachable", endpoint, /closed the connection/));
    });

    it("something that does not speak HTTP", async () => {
      const endpoint = await listening(createServer((socket) => socket.resume().end("SSH-2.0-OpenSSH_9.2\r\n")));
      await assert.rejects(probe(endpoint), fails("daemonUnreachable", endpoint, /not a Docker daemon.*not HTTP/));
    });

    it("a daemon that hangs", async () => {
      const endpoint = await listening(createServer((socket) => void socket.on("error", () => {}).resume()));
      await assert.rejects(probe(endpoint), fails("daemonUnreachable", endpoint, /did not answer within 5 s/));
    });

    it("stops at once when it is aborted, with the abort's own reason", async () => {
      const endpoint = await listening(createServer((socket) => void socket.on("error", () => {}).resume()));
      const abort = new AbortController();
      const reason = new Error("the user left");
      setTimeout(() => abort.abort(reason), 50);
      await assert.rejects(probe(endpoint, abort.signal), (error) => error === reason);
      await assert.rejects(probe(endpoint, AbortSignal.abort(reason)), (error) => error === reason);
    });
  });
});
