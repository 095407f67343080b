import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { ContainerRegistry } from "../../../src/core/contracts/containerRegistry";
import { checkCredentials } from "../../../src/core/distribution/checkCredentials";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import { HttpClient } from "../../../src/core/http/httpClient";

const host = "registry.example.test";

/** The registry is reached through a proxy, since no test can be at another address than this machine's. */
describe("a registry elsewhere that has no TLS", () => {
  let proxy: Server;
  let http: HttpClient;
  before(async () => {
    proxy = createServer(({ url = "" }, answer) => {
      const isRegistry = url.startsWith(`http://${host}/v2/`);
      const headers = url.endsWith("/uploads/") ? { location: `${url}1` } : {};
      answer.writeHead(isRegistry ? (url.endsWith("/uploads/") ? 202 : 200) : 502, headers).end("{}");
    });
    proxy.on("connect", (_incoming, socket: Socket) => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    await once(proxy.listen(0, "127.0.0.1"), "listening");
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    http = new HttpClient({ env: { HTTPS_PROXY: address, HTTP_PROXY: address }, certificateFolders: [] });
  });
  after(async () => {
    proxy.closeAllConnections();
    await once(proxy.close(), "close");
  });

  const registry = (config: { readonly uri: string; readonly insecure?: boolean }) =>
    new ContainerRegistry("mine", config, {
      engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
      credentials: { find: async () => undefined },
      cloud: { http, env: {}, log: { debug() {}, info() {}, warn() {}, error() {} }, allowImplicit: false },
    });

  it("is not spoken to where nobody has said that it may be insecure", async () => {
    await assert.rejects(new RegistryClient(registry({ uri: host }).place()).ping(), (error) =>
      ImageBuilderError.is(error, "registryUnreachable"),
    );
  });

  for (const config of [{ uri: host, insecure: true }, { uri: `http://${host}` }]) {
    it(`is browsed and checked where its configuration says so, without a daemon: ${config.uri}`, async () => {
      const place = registry(config).place();
      await new RegistryClient(place).ping();
      assert.equal((await checkCredentials(place, { repository: "team/app" })).outcome, "mayPush");
    });
  }

  it("is told as it was first tried, where it can't be reached without TLS either", async () => {
    const other = { host: "other.example.test", credentials: async () => undefined, http, insecure: async () => true };
    await assert.rejects(
      new RegistryClient(other).ping(),
      (error) => ImageBuilderError.is(error) && /other\.example\.test/.test(error.message),
    );
  });
});
