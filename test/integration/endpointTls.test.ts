import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, readFileSync } from "node:fs";
import { connect, createServer as createPlainServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createServer, type TlsOptions } from "node:tls";
import { after, before, describe, it } from "mocha";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import { ImageBuilderError } from "../../src/core/base/errors";
import { createEngineAccess, type EngineAccess } from "../../src/core/engine/engineAccess";
import { Authority } from "../support/certificates";
import { build, coreOn, given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";

interface Pair {
  readonly cert: string;
  readonly key: string;
}

describe("a daemon over TCP", function () {
  this.timeout(120_000);
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  let ours: Authority;
  let stranger: Authority;
  let client: Pair;
  let server: Pair;
  let securePort: number;
  let plainPort: number;

  before(async () => {
    await ensurePackages({ openssl: "openssl" }, "The TLS test");
    const folder = temporaryFolder();
    ours = new Authority(folder, "ours");
    stranger = new Authority(folder, "stranger");
    client = ours.sign("client", "clientAuth");
    server = ours.sign("server", "serverAuth");
    securePort = await inFrontOfDaemon(server);
    plainPort = await inFrontOfDaemon();
  });
  after(async () => {
    sockets.forEach((socket) => socket.destroy());
    await Promise.all(servers.map((each) => new Promise((resolve) => each.close(resolve))));
    removeTemporaryFolders();
  });

  /** Opens a port that leads to the daemon's socket; with TLS only clients that our authority signed get through. */
  async function inFrontOfDaemon(pair?: Pair): Promise<number> {
    const lead = (socket: Socket) => {
      sockets.push(socket);
      const daemon = connect(given("DOCKER_HOST").replace("unix://", ""));
      for (const [one, other] of [
        [socket, daemon],
        [daemon, socket],
      ] as const)
        one
          .on("error", () => other.destroy())
          .on("close", () => other.destroy())
          .pipe(other);
    };
    const ca = readFileSync(ours.certificate);
    const options: TlsOptions | undefined = pair && {
      ca,
      cert: readFileSync(pair.cert),
      key: readFileSync(pair.key),
      requestCert: true,
      rejectUnauthorized: true,
    };
    const each = options ? createServer(options, lead) : createPlainServer(lead);
    servers.push(each);
    each.on("tlsClientError", () => {}); // A refused client is what the tests are about.
    each.listen(0, "127.0.0.1");
    await once(each, "listening");
    return (each.address() as AddressInfo).port;
  }

  /** The way there with these files in `DOCKER_CERT_PATH`. */
  function secureAccess(port: number, ca: Authority, pair?: Pair): EngineAccess {
    const folder = temporaryFolder();
    copyFileSync(ca.certificate, join(folder, "ca.pem"));
    if (pair) copyFileSync(pair.cert, join(folder, "cert.pem"));
    if (pair) copyFileSync(pair.key, join(folder, "key.pem"));
    return createEngineAccess({
      env: { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder },
    });
  }

  async function assertTlsFailure(access: EngineAccess, words: RegExp): Promise<void> {
    await assert.rejects(access.probe(), (error) => {
      assert.ok(ImageBuilderError.is(error, "daemonTls"), String(error));
      assert.match(error.message, words);
      return /tcp:\/\/127\.0\.0\.1:\d+ \(DOCKER_HOST\)/.test(error.message);
    });
  }

  for (const builder of ["buildkit", "classic"] as const) {
    it(`builds an image through TLS with a client's certificate (${builder})`, async () => {
      const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /\n", "a.txt": uniqueName() });
      const core = coreOn(secureAccess(securePort, ours, client));
      assert.ok((await build({ root, imageName: `${uniqueName()}:1`, options: { builder }, core })).imageId);
    });
  }

  it("is reached without TLS where it has none", async () => {
    assert.equal(
      (await createEngineAccess({ dockerHost: `127.0.0.1:${plainPort}`, env: {} }).probe()).product,
      "docker",
    );
  });

  it("that an unknown authority signed is not trusted", async () => {
    await assertTlsFailure(secureAccess(securePort, stranger, client), /not trusted.*"ca\.pem"/);
  });

  it("refuses a client that a stranger signed, or that shows nothing", async () => {
    await assertTlsFailure(
      secureAccess(securePort, ours, stranger.sign("client", "clientAuth")),
      /rejects this client.*"cert\.pem"/,
    );
    await assertTlsFailure(secureAccess(securePort, ours), /rejects this client.*"cert\.pem"/);
  });

  it("with a certificate for another host is not trusted", async () => {
    const elsewhere = await inFrontOfDaemon(ours.sign("elsewhere", "serverAuth", "DNS:elsewhere.example"));
    await assertTlsFailure(secureAccess(elsewhere, ours, client), /for another host.*127\.0\.0\.1/);
  });

  it("that does not speak TLS says so", async () => {
    await assertTlsFailure(secureAccess(plainPort, ours, client), /does not use TLS\. Unset DOCKER_TLS_VERIFY/);
  });

  it("that wants TLS and closes a plain connection is named with TLS as the reason to look for", async () => {
    await assert.rejects(
      createEngineAccess({ dockerHost: `tcp://127.0.0.1:${securePort}`, env: {} }).probe(),
      (error) => {
        assert.ok(ImageBuilderError.is(error, "daemonUnreachable"), String(error));
        return /whether it requires TLS/.test(error.message);
      },
    );
  });

  it("with a key that belongs to another certificate names the files", async () => {
    await assertTlsFailure(
      secureAccess(securePort, ours, { cert: client.cert, key: server.key }),
      /"cert\.pem" and "key\.pem"/,
    );
  });
});
