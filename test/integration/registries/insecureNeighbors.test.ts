import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createProxy, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { ensurePackages } from "../../../scripts/setup/debian.mjs";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import { HttpClient } from "../../../src/core/http/httpClient";
import { Authority } from "../../support/certificates";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

/** Every host is reached through a proxy that leads to this machine: no test can be at another address. */
describe("the neighbors of a registry", function () {
  this.timeout(60_000);
  let known: Authority;
  let stranger: Authority;
  let proxy: Server;
  let http: HttpClient;
  const servers: Server[] = [];
  /** A server does not end these itself. */
  const tunnels = new Set<Socket>();

  before(async () => {
    await ensurePackages({ openssl: "openssl" }, "A registry with TLS");
    const folder = temporaryFolder();
    [known, stranger] = [new Authority(folder, "known"), new Authority(folder, "stranger")];
    proxy = createProxy((incoming, answer) => {
      // Plain HTTP, for the only host that has it.
      answer.writeHead(incoming.url?.startsWith("http://storage.test/") ? 200 : 502).end("{}");
    });
    proxy.on("connect", ({ url = "" }: IncomingMessage, socket: Socket) => {
      tunnels.add(socket);
      const server = connect(Number(url.split(":")[1]), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        server.pipe(socket).pipe(server);
      });
      for (const [one, other] of [
        [socket, server],
        [server, socket],
      ] as const)
        one.on("error", () => other.destroy()).on("close", () => other.destroy());
    });
    const address = `http://127.0.0.1:${await portOf(proxy)}`;
    const env = { SSL_CERT_FILE: known.certificate, HTTPS_PROXY: address, HTTP_PROXY: address };
    http = new HttpClient({ env, certificateFolders: [], timeoutMs: 5_000 });
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await stop(server);
  });
  after(async () => {
    for (const socket of tunnels) socket.destroy();
    await stop(proxy);
    removeTemporaryFolders();
  });

  async function portOf(server: Server): Promise<number> {
    await once(server.listen(0, "127.0.0.1"), "listening");
    return (server.address() as AddressInfo).port;
  }

  async function stop(server: Server): Promise<void> {
    server.closeAllConnections();
    await once(server.close(), "close");
  }

  /** A server of that name, with a certificate by the authority; returns its host and port. */
  async function serve(
    name: string,
    by: Authority,
    handle: RequestListener,
    more: ServerOptions = {},
  ): Promise<string> {
    const { cert, key } = by.sign(
      name,
      more.requestCert === undefined ? "serverAuth" : "clientAuth",
      `DNS:${name}.test`,
    );
    const server = createServer({ cert: readFileSync(cert), key: readFileSync(key), ...more }, handle);
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    servers.push(server);
    return `${name}.test:${await portOf(server)}`;
  }

  const client = (host: string, isInsecure: boolean) =>
    new RegistryClient({ host, credentials: async () => undefined, http, insecure: async () => isInsecure });
  const json = { "content-type": "application/json" };
  const works: RequestListener = (_incoming, answer) => void answer.writeHead(200, json).end('{"tags":["1"]}');
  const leads = (to: string): RequestListener => {
    return ({ url }, answer) =>
      url === "/v2/"
        ? works({} as IncomingMessage, answer as never)
        : void answer.writeHead(307, { location: to }).end();
  };

  const asks = async (host: string, isInsecure: boolean) => (await client(host, isInsecure).tags("app").next()).value;
  const refused = (code: string, message: RegExp) => (error: unknown) => {
    assert.ok(ImageBuilderError.is(error), String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };

  it("are its storage, whose certificate is checked, unless the registry may be insecure", async () => {
    const storage = await serve("storage", stranger, works);
    const registry = await serve("registry", known, leads(`https://${storage}/tags`));
    const message = new RegExp(
      `Can't reach ${storage}, to which ${registry} redirects: .*untrusted authority \\(x509\\)`,
    );
    await assert.rejects(asks(registry, false), refused("registryTls", message));
    assert.deepEqual(await asks(registry, true), [{ name: "1" }]);
  });

  it("are its storage, which needs TLS, unless the registry may be insecure", async () => {
    const registry = await serve("registry", known, leads("http://storage.test/tags"));
    await assert.rejects(
      asks(registry, false),
      refused("registryUnreachable", /redirects to http:\/\/storage\.test, which/),
    );
    assert.deepEqual(await asks(registry, true), []);
  });

  it("are its token service, whose certificate is checked, unless the registry may be insecure", async () => {
    const service = await serve("tokens", stranger, (_incoming, answer) => {
      answer.writeHead(200, json).end('{"token":"abc"}');
    });
    const challenge = { "www-authenticate": `Bearer realm="https://${service}/token",service="x"` };
    for (const by of [known, stranger]) {
      const registry = await serve("registry", by, (incoming, answer) => {
        if (incoming.headers.authorization === "Bearer abc") works(incoming, answer);
        else answer.writeHead(401, challenge).end();
      });
      const message =
        by === known ? /Can't reach the token service tokens\.test:\d+ of .*untrusted authority/ : /untrusted/;
      await assert.rejects(asks(registry, false), refused("registryTls", message));
      assert.deepEqual(await asks(registry, true), [{ name: "1" }]);
    }
  });

  it("are told from it where a certificate is for no server, which an insecure one may have", async () => {
    const registry = await serve("registry", known, works, { requestCert: false });
    await assert.rejects(
      asks(registry, false),
      refused("registryTls", /certificate is not meant for a server \(x509\)/),
    );
    assert.deepEqual(await asks(registry, true), [{ name: "1" }]);
  });

  it("may close the connection on HEAD, which is followed by GET", async () => {
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [],
    });
    const registry = await serve("registry", known, (incoming, answer) => {
      if (incoming.method === "HEAD") incoming.socket.destroy();
      else answer.writeHead(200, json).end(incoming.url === "/v2/" ? "{}" : manifest);
    });
    assert.match((await client(registry, false).digestOf("app", "1")) ?? "", /^sha256:[0-9a-f]{64}$/);
  });

  it("are no registry at an address that is none", async () => {
    await assert.rejects(
      client("registry.test:99999", false).ping(),
      refused("registryUnreachable", /is not a valid address/),
    );
  });
});
