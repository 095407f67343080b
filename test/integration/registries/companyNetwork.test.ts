import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, readFileSync } from "node:fs";
import { createServer as createProxy, type IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import { connect, createServer as createSocketServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { ensurePackages } from "../../../scripts/setup/debian.mjs";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { HttpClient } from "../../../src/core/http/httpClient";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import { Authority } from "../../support/certificates";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";

const host = "registry.example.test";
const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, code), String(error));
  assert.match(error.message, message);
  assert.ok(!error.message.includes("s3cr3t"));
  return true;
};

describe("a registry in a company's network", () => {
  let company: Authority;
  let server: Server;
  let folder: string;
  let certificates: string;
  /** Leads to the server, whatever host is asked for. */
  const proxy = createProxy();
  const sockets: Socket[] = [];
  /** All that were started, which the process must not wait for. */
  const servers: Server[] = [];
  let wantedLogin: string | undefined;
  let shownHost = host;

  before(async () => {
    await ensurePackages({ openssl: "openssl" }, "A registry with TLS");
    company = new Authority(temporaryFolder(), "company");
    proxy.on("connect", (incoming: IncomingMessage, socket: Socket) => {
      const isAllowed =
        wantedLogin === undefined ||
        incoming.headers["proxy-authorization"] === `Basic ${Buffer.from(wantedLogin).toString("base64")}`;
      if (!isAllowed) return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      const far = connect((server.address() as AddressInfo).port, "127.0.0.1");
      for (const each of [socket, far]) sockets.push(each.on("error", () => each.destroy()));
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(far).pipe(socket);
    });
    await once(proxy.listen(0, "127.0.0.1"), "listening");
  });
  beforeEach(async () => {
    wantedLogin = undefined;
    shownHost = host;
    folder = temporaryFolder();
    certificates = join(folder, host);
    writeFiles(certificates, { "ca.crt": readFileSync(company.certificate) });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const started of servers.splice(0)) {
      started.closeAllConnections();
      await once(started.close(), "close");
    }
  });
  after(async () => {
    await once(proxy.close(), "close");
    removeTemporaryFolders();
  });

  /** Asks the registry, which is started again. */
  async function ping({
    login = "",
    env = {},
    asksWhoWeAre = false,
    askedHost = host,
    signedBy = company,
    days = 2,
  }: {
    login?: string;
    env?: NodeJS.ProcessEnv;
    asksWhoWeAre?: boolean;
    askedHost?: string;
    signedBy?: Authority;
    days?: number;
  } = {}) {
    const { cert, key } = signedBy.sign(shownHost, "serverAuth", `DNS:${shownHost}`, days);
    writeFiles(join(folder, askedHost), { "ca.crt": readFileSync(company.certificate) });
    const asking = asksWhoWeAre
      ? { requestCert: true, rejectUnauthorized: true, ca: readFileSync(company.certificate) }
      : {};
    server = createServer({ cert: readFileSync(cert), key: readFileSync(key), ...asking }, (_, answer) =>
      answer.end("{}"),
    );
    server.on("tlsClientError", () => {}); // Who is not trusted breaks off, which is what the tests are about.
    await once(server.listen(0, "127.0.0.1"), "listening");
    servers.push(server);
    const HTTPS_PROXY = `http://${login}127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const http = new HttpClient({ env: { HTTPS_PROXY, ...env }, certificateFolders: [folder], timeoutMs: 5000 });
    return new RegistryClient({ host: askedHost, credentials: async () => undefined, http }).ping();
  }

  it("is reached through a proxy that wants a login", async () => {
    wantedLogin = "me:s3cr3t word";
    await ping({ login: "me:s3cr3t%20word@" });
  });

  it("is not reached through a proxy without its login, which is said", async () => {
    wantedLogin = "me:s3cr3t";
    for (const login of ["", "me:wrong-s3cr3t@"])
      await assert.rejects(
        ping({ login }),
        fails(
          "registryUnreachable",
          new RegExp(
            "The proxy 127\\.0\\.0\\.1:\\d+ refused to connect to registry\\.example\\.test:443 \\(HTTP 407\\)\\. " +
              "Add the proxy's user name and password to HTTPS_PROXY",
          ),
        ),
      );
  });

  it("that asks who we are is shown the certificate that Docker has for it", async () => {
    const { cert, key } = company.sign("me", "clientAuth");
    copyFileSync(cert, join(certificates, "client.cert"));
    copyFileSync(key, join(certificates, "client.key"));
    await ping({ asksWhoWeAre: true });
  });

  it("that asks who we are and is not told says so", async () => {
    await assert.rejects(
      ping({ asksWhoWeAre: true }),
      fails(
        "registryTls",
        new RegExp(
          "it requires a client certificate or rejects yours\\. " +
            "Save the certificate and its key in Docker's certs\\.d as client\\.cert and client\\.key",
        ),
      ),
    );
  });

  it("with a certificate for another host is not trusted", async () => {
    shownHost = "other.example.test";
    await assert.rejects(ping(), fails("registryTls", /its certificate is for another host \(x509\)/));
  });

  it("whose certificate has expired, lacks its address, or is somebody else's is told by each", async () => {
    await assert.rejects(ping({ days: 0 }), fails("registryTls", /has expired \(x509\)\. Renew it/));
    await assert.rejects(
      ping({ askedHost: "10.99.0.1" }),
      fails("registryTls", /Can't reach 10\.99\.0\.1: its certificate doesn't include the IP address \(x509\)/),
    );
    await assert.rejects(
      ping({ signedBy: new Authority(temporaryFolder(), "stranger") }),
      fails("registryTls", /is signed by an untrusted authority \(x509\)/),
    );
  });

  it("that takes connections and says nothing is told apart from one that answers slowly", async () => {
    const silent = createSocketServer((socket) => void sockets.push(socket.on("error", () => socket.destroy())));
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const { port } = silent.address() as AddressInfo;
    const http = new HttpClient({ env: {}, certificateFolders: [], timeoutMs: 300 });
    const place = { credentials: async () => undefined, http };
    await assert.rejects(
      new RegistryClient({ host: `127.0.0.1:${port}`, ...place }).ping(),
      fails("registryUnreachable", /did not answer within 0\.3 s \(TLS handshake not completed\)/),
    );
    for (const socket of sockets.splice(0)) socket.destroy();
    await once(silent.close(), "close");
  });

  it("whose proxy is not there names the proxy", async () => {
    const HTTPS_PROXY = "http://127.0.0.1:1";
    const http = new HttpClient({ env: { HTTPS_PROXY }, certificateFolders: [], timeoutMs: 5000 });
    await assert.rejects(
      new RegistryClient({ host, credentials: async () => undefined, http }).ping(),
      fails(
        "registryUnreachable",
        /Can't reach the proxy 127\.0\.0\.1:1 for registry\.example\.test: connection refused/,
      ),
    );
  });

  it("whose files are broken or not there names them", async () => {
    writeFiles(certificates, { "client.cert": readFileSync(company.certificate), "client.key": "s3cr3t nonsense" });
    await assert.rejects(
      ping(),
      fails(
        "registryTls",
        /Can't use the certificates for registry\.example\.test in .*registry\.example\.test .*\. Fix or replace them/,
      ),
    );
    await assert.rejects(
      ping({ env: { SSL_CERT_FILE: "/nonexistent/ca.pem" } }),
      fails("registryTls", /Can't read the certificate "\/nonexistent\/ca\.pem" \(ENOENT\)/),
    );
  });
});
