import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Component } from "../../../src/core/base/component";
import { createConnectorSource } from "../../../src/core/connectors/connectorSource";
import type { ConnectorRecord } from "../../../src/core/clouds/connectorType";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { createComponent } from "../../../src/core/flavors/createComponent";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { connectorServices } from "../../support/connectors";
import { removeTemporaryFolders } from "../../support/folder";
import { trustedSources } from "../../support/trustedSources";
import { Asked, isRefused, stored, services } from "./askedSources";

describe("a source that is named", () => {
  let asked: Asked;
  let server: Server;
  let connections: number;
  let logins: string[];
  const host = (): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;

  beforeEach(async () => {
    [asked, connections, logins] = [new Asked(), 0, []];
    server = createServer((incoming: IncomingMessage, answer) => {
      logins.push(Buffer.from((incoming.headers.authorization ?? "").replace("Basic ", ""), "base64").toString());
      answer
        .writeHead(incoming.headers.authorization === undefined ? 401 : 200, {
          "www-authenticate": 'Basic realm="tests"',
        })
        .end("{}");
    });
    server.on("connection", () => connections++);
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  after(removeTemporaryFolders);

  const connector = (more: Partial<ConnectorRecord> = {}): ConnectorRecord => ({
    name: "theirs",
    type: "docker",
    authMethod: "password",
    configuration: { username: "me", password: "{{npm.token}}", registry: host() },
    ...more,
  });

  it("as a daemon is not connected to before it is allowed, in any way", async () => {
    const engine = createEngineAccess({
      dockerHost: `tcp://${host()}`,
      consent: asked,
      requestedBy: { kind: "setting", name: "imageBuilders.dockerHost", from: "workspace" },
    });
    const ways: readonly (() => Promise<unknown>)[] = [
      () => engine.endpoint(),
      () => engine.probe(),
      () => engine.identify(),
      () => engine.client(),
    ];
    for (const way of ways) await assert.rejects(way(), isRefused);
    assert.equal(connections, 0);
    assert.deepEqual(asked.requests[0], {
      source: { kind: "builds" },
      destination: { kind: "daemon", address: `tcp://${host()}` },
      requestedBy: { kind: "setting", name: "imageBuilders.dockerHost", from: "workspace" },
    });
    asked.agrees = true;
    await engine.probe().catch(() => undefined);
    assert.ok(connections > 0);
  });

  it("as a connector's secret is not sent before it is allowed, nor is a login of before handed out", async () => {
    const source = createConnectorSource({
      list: async () => [connector({ from: "workspace" })],
      services: connectorServices(),
      secrets: await stored(),
      consent: asked,
    });
    const theirs = await source.get("theirs");
    await assert.rejects(theirs.verify(), isRefused);
    assert.deepEqual([connections, logins], [0, []]);
    assert.deepEqual(asked.requests, [
      {
        source: { kind: "secret", name: "npm", keys: ["token"] },
        destination: { kind: "host", host: host() },
        requestedBy: { kind: "connector", name: "theirs", from: "workspace" },
      },
    ]);
    asked.agrees = true;
    await theirs.verify();
    assert.deepEqual(logins.filter(Boolean), ["me:canary-npm"]);
    asked.agrees = false;
    await assert.rejects(theirs.connect(), isRefused);
  });

  it("as a registry's password is not sent by a connector for another registry, whoever names it", async () => {
    const secrets = await stored();
    const trusted = trustedSources(secrets, () => true);
    for (const from of ["workspace", undefined] as const) {
      const record = connector({
        from,
        configuration: { username: "{{ghcr.username}}", password: "{{ghcr.password}}", registry: host() },
      });
      const source = createConnectorSource({
        list: async () => [record],
        services: connectorServices(),
        secrets,
        consent: trusted.asking,
      });
      await assert.rejects(
        (await source.get("theirs")).verify(),
        (error) =>
          isRefused(error) &&
          /"ghcr" belongs to ghcr\.io and is not sent to 127\.0\.0\.1:\d+, although .* refers to it/.test(
            (error as Error).message,
          ),
      );
    }
    assert.deepEqual([connections, trusted.questions.length], [0, 0]);
  });

  it("as the person's connector is asked for in the name of a workspace's registry", async () => {
    const secrets = await stored();
    const connectors = createConnectorSource({
      list: async () => [connector()],
      services: connectorServices(),
      secrets,
      consent: asked,
    });
    const component: Component = {
      name: "mine",
      type: "container_registry",
      flavor: "default",
      configuration: { uri: host() },
      connector: "theirs",
      from: "workspace",
    };
    const registry = await createComponent("container_registry", component, new FlavorRegistry(), {
      ...services(secrets, asked),
      connectors,
    });
    await assert.rejects(registry.credentials(), isRefused);
    assert.deepEqual(asked.requests.at(-1)?.requestedBy, { kind: "registry", name: "mine", from: "workspace" });
  });

  it("as a registry's own password is not looked up before it is allowed", async () => {
    const secrets = await stored();
    const component: Component = {
      name: "mine",
      type: "container_registry",
      flavor: "default",
      configuration: { uri: "ghcr.io", authenticationSecret: "ghcr" },
      from: "workspace",
    };
    const registry = await createComponent(
      "container_registry",
      component,
      new FlavorRegistry(),
      services(secrets, asked),
    );
    await assert.rejects(registry.credentials(), isRefused);
    asked.agrees = true;
    assert.equal((await registry.credentials())?.source, 'the stored password "ghcr"');
  });
});
