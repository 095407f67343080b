import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Component } from "../../../src/core/base/component";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import { configurationRequests } from "../../../src/core/flavors/configurationRequests";
import { createComponent } from "../../../src/core/flavors/createComponent";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { HttpClient } from "../../../src/core/http/httpClient";
import { Asked, isRefused, stored, services } from "./askedSources";

const host = "registry.example.test";

const component = (configuration: object, from?: Component["from"]): Component => ({
  name: "mine",
  type: "container_registry",
  flavor: "default",
  configuration: { ...configuration },
  ...(from && { from }),
});

describe("a registry that may be insecure", () => {
  let asked: Asked;
  let proxy: Server;
  let requests: number;

  before(async () => {
    // It knows every name, and leads to a registry without TLS.
    proxy = createServer((incoming, answer) => {
      requests++;
      incoming.resume();
      answer.setHeader("docker-distribution-api-version", "registry/2.0").end("{}");
    }).on("connect", (_request, socket: Socket) => {
      socket.on("error", () => socket.destroy());
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    });
    await once(proxy.listen(0, "127.0.0.1"), "listening");
  });
  beforeEach(() => {
    [asked, requests] = [new Asked(), 0];
  });
  after(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await once(proxy, "close");
  });

  /** Makes a registry and speaks with it, through a proxy that knows its name. */
  async function ping(made: Component): Promise<unknown> {
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const env = { HTTP_PROXY: address, HTTPS_PROXY: address };
    const http = new HttpClient({ env, certificateFolders: [] });
    const registry = await createComponent("container_registry", made, new FlavorRegistry(), {
      ...services(await stored(), asked),
      cloud: { http, env, log: { debug() {}, info() {}, warn() {}, error() {} }, allowImplicit: false },
    });
    return new RegistryClient(registry.place()).ping();
  }

  for (const from of ["workspace", "file", "program"] as const) {
    for (const configuration of [{ uri: host, insecure: true }, { uri: `http://${host}` }]) {
      it(`by ${JSON.stringify(configuration)} of a ${from} is reached so only once that is allowed`, async () => {
        await assert.rejects(ping(component(configuration, from)), isRefused);
        assert.equal(requests, 0);
        assert.deepEqual(asked.requests, [
          {
            source: { kind: "insecureConnection" },
            destination: { kind: "host", host },
            requestedBy: { kind: "registry", name: "mine", from },
          },
        ]);
        asked.agrees = true;
        await ping(component(configuration, from));
        assert.ok(requests > 0);
      });
    }
  }

  it("by the person's own settings is reached at once", async () => {
    asked.agrees = true;
    await ping(component({ uri: host, insecure: true }));
    assert.deepEqual(
      asked.requests.map(({ requestedBy }) => requestedBy.from),
      [undefined],
    );
    assert.ok(requests > 0);
  });

  it("says in plain words what was not allowed", async () => {
    await assert.rejects(ping(component({ uri: host, insecure: true }, "workspace")), (error) => {
      assert.match(
        (error as Error).message,
        /^Sending requests and credentials without verified TLS to registry\.example\.test for the registry "mine" in/,
      );
      return true;
    });
  });

  const requestsOf = (configuration: object): unknown[] => {
    const made = component(configuration, "workspace");
    return configurationRequests(made, new FlavorRegistry().get("container_registry", "default"));
  };
  for (const configuration of [
    { uri: host },
    { uri: `https://${host}` },
    { uri: host, insecure: false },
    { uri: host, insecure: "false" },
    { uri: host, insecure: null },
    { uri: "localhost:5000", insecure: true },
    { uri: "127.0.0.1:5000", insecure: true },
    { uri: "http://[::1]:5000" },
    { uri: "no address at all", insecure: true },
  ]) {
    it(`is not asked about with ${JSON.stringify(configuration)}`, () => {
      assert.deepEqual(requestsOf(configuration), []);
    });
  }
  for (const insecure of [true, "true", 1, "yes", {}]) {
    it(`is asked about with whatever may mean it: ${JSON.stringify(insecure)}`, () => {
      assert.equal(requestsOf({ uri: host, insecure }).length, 1);
    });
  }
});
