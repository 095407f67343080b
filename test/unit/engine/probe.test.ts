import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "mocha";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import type { Endpoint } from "../../../src/core/transport/endpoint";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { openEngineClient } from "../../../src/core/engine/engineClient";
import { identify, probe, type EngineIdentity } from "../../../src/core/engine/probe";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { socketAddress, socketPlace } from "../../support/socketPlace";

const servers: Server[] = [];

/** The answers of a daemon; a string is sent as it is, an object as JSON. */
interface Answers {
  readonly pingHeaders?: Readonly<Record<string, string>>;
  readonly pingStatus?: number;
  readonly ping?: string;
  readonly version?: object | string;
  readonly versionStatus?: number;
}

const docker20 = { Version: "20.10.24", ApiVersion: "1.41", MinAPIVersion: "1.12", Os: "linux", Arch: "amd64" };

async function listening(server: Server): Promise<Endpoint> {
  const path = socketPlace();
  servers.push(server);
  server.listen(path);
  await once(server, "listening");
  return { address: socketAddress(path), source: "the test", connection: { kind: "socket", path } };
}

async function answering({
  pingHeaders = {},
  pingStatus = 200,
  ping = "OK",
  version = docker20,
  versionStatus = 200,
}: Answers): Promise<Endpoint> {
  const answer = (received: IncomingMessage, response: ServerResponse) => {
    if (received.url === "/_ping") response.writeHead(pingStatus, pingHeaders).end(ping);
    else response.writeHead(versionStatus).end(typeof version === "string" ? version : JSON.stringify(version));
  };
  return listening(createHttpServer(answer));
}

function identityOf({ product, version, apiVersion, os, buildkit }: EngineIdentity): EngineIdentity {
  return { product, version, apiVersion, os, buildkit };
}

function tcp(port: number, host = "127.0.0.1"): Endpoint {
  return { address: `tcp://${host}:${port}`, source: "the test", connection: { kind: "tcp", host, port } };
}

/** Expects one of our errors that names the endpoint and who chose it. */
function fails(code: ErrorCode, endpoint: Endpoint, ...words: RegExp[]) {
  return (error: unknown) => {
    assert.ok(ImageBuilderError.is(error, code), String(error));
    for (const word of [`${endpoint.address} (${endpoint.source})`, ...words]) {
      assert.ok(
        typeof word === "string" ? error.message.includes(word) : word.test(error.message),
        `${word} in: ${error.message}`,
      );
    }
    return true;
  };
}

describe("probe", () => {
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
    removeTemporaryFolders();
  });

  describe("tells what a daemon is [Z100]", () => {
    const modern = { ...docker20, Version: "28.5.2", ApiVersion: "1.51", MinAPIVersion: "1.24" };
    const podman = {
      Version: "4.3.1",
      ApiVersion: "1.41",
      MinAPIVersion: "1.24",
      Os: "linux",
      Arch: "amd64",
      Components: [{ Name: "Podman Engine" }],
    };
    const rows: [what: string, answers: Answers, expected: object][] = [
      [
        "Docker 20.10, which does not tell of its BuildKit",
        {},
        { product: "docker", version: "20.10.24", apiVersion: "1.41", minApiVersion: "1.12", buildkit: true },
      ],
      [
        "Docker 28",
        { version: modern, pingHeaders: { "Builder-Version": "2" } },
        { product: "docker", buildkit: true, apiVersion: "1.51", os: "linux", arch: "amd64" },
      ],
      ["Docker with BuildKit off", { version: modern, pingHeaders: { "Builder-Version": "1" } }, { buildkit: false }],
      ["Docker before BuildKit", { version: { ...docker20, ApiVersion: "1.38" } }, { buildkit: false }],
      ["Docker with the first BuildKit", { version: { ...docker20, ApiVersion: "1.39" } }, { buildkit: true }],
      [
        "Windows containers",
        { version: { ...modern, Os: "windows" }, pingHeaders: { "Builder-Version": "2" } },
        { os: "windows", buildkit: false },
      ],
      ["Podman by its components", { version: podman }, { product: "podman", version: "4.3.1", buildkit: false }],
      [
        "Podman by its ping",
        { version: modern, pingHeaders: { Server: "Libpod/5.4.2 (linux)", "Builder-Version": "2" } },
        { product: "podman", buildkit: false },
      ],
      ["an experimental daemon", { version: { ...modern, Experimental: true } }, { experimental: true }],
      ["one that is not", {}, { experimental: false }],
      ["one that tells no lowest API", { version: { ...modern, MinAPIVersion: undefined } }, { minApiVersion: "1.51" }],
    ];
    for (const [what, answers, expected] of rows) {
      it(what, async () => {
        const info = await probe(await answering(answers));
        assert.deepEqual(
          Object.fromEntries(Object.keys(expected).map((key) => [key, info[key as keyof typeof info]])),
          expected,
        );
        assert.deepEqual(identityOf(await identify(await answering(answers))), identityOf(info));
      });
    }

    const pings: [what: string, headers: Record<string, string>, expected: EngineIdentity][] = [
      [
        "Docker 20.10",
        { Server: "Docker/20.10.24+dfsg1 (linux)", "Api-Version": "1.41" },
        { product: "docker", version: "20.10.24+dfsg1", apiVersion: "1.41", os: "linux", buildkit: true },
      ],
      [
        "Docker 28",
        { Server: "Docker/28.5.2 (linux)", "Api-Version": "1.51", "Builder-Version": "2" },
        { product: "docker", version: "28.5.2", apiVersion: "1.51", os: "linux", buildkit: true },
      ],
      [
        "Docker with BuildKit off",
        { Server: "Docker/28.5.2 (linux)", "Api-Version": "1.51", "Builder-Version": "1" },
        { product: "docker", version: "28.5.2", apiVersion: "1.51", os: "linux", buildkit: false },
      ],
      [
        "Windows containers",
        { Server: "Docker/28.5.2 (windows)", "Api-Version": "1.51", "Builder-Version": "2" },
        { product: "docker", version: "28.5.2", apiVersion: "1.51", os: "windows", buildkit: false },
      ],
    ];
    for (const [what, pingHeaders, expected] of pings) {
      it(`${what}, for a build, by its sign of life alone`, async () => {
        assert.deepEqual(await identify(await answering({ pingHeaders, versionStatus: 500 })), expected);
      });
    }
  });

  it("refuses an API that is too old by the sign of life, too", async () => {
    const endpoint = await answering({ pingHeaders: { Server: "Docker/17.05.0 (linux)", "Api-Version": "1.29" } });
    await assert.rejects(identify(endpoint), fails("daemonTooOld", endpoint, /17\.05\.0.*API 1\.29.*API 1\.32/));
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

  describe("engine access", () => {
    it("keeps one client while the endpoint stays, and notices when the user switches contexts", async () => {
      const folder = temporaryFolder({ "config.json": "{}" });
      const env: NodeJS.ProcessEnv = { DOCKER_CONFIG: folder, DOCKER_HOST: "tcp://one:1" };
      const access = createEngineAccess({ env });
      const one = await access.client();
      assert.equal(await access.client(), one);
      env["DOCKER_HOST"] = "tcp://two:1";
      const two = await access.client();
      assert.notEqual(two, one);
      assert.equal((await access.endpoint()).address, "tcp://two:1");
      delete env["DOCKER_HOST"];
      writeFiles(folder, { "config.json": '{"currentContext":"gone"}' });
      await assert.rejects(access.client(), (error) => ImageBuilderError.is(error, "dockerContextInvalid"));
    });

    it("probes the daemon that is used now", async () => {
      const endpoint = await answering({});
      assert.equal((await createEngineAccess({ dockerHost: endpoint.address }).probe()).version, "20.10.24");
    });
  });
});
