import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Component } from "../../../src/core/base/component";
import { buildAndPush } from "../../../src/core/jobs/buildAndPush";
import { createConnectorSource } from "../../../src/core/connectors/connectorSource";
import type { ConnectorRecord } from "../../../src/core/clouds/connectorType";
import type { SourceConsent, SourceRequest } from "../../../src/core/base/sourceConsent";
import { notConfirmed } from "../../../src/core/consent/consentFailures";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import type { DockerfileSource } from "../../../src/core/context/files/dockerfileSource";
import type { BuildJob } from "../../../src/core/engine/buildJob";
import { prepareSecrets } from "../../../src/core/engine/buildSecrets";
import { prepareSshAgents } from "../../../src/core/engine/buildSshAgents";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { ensureImage } from "../../../src/core/jobs/ensureImage";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { createComponent } from "../../../src/core/flavors/createComponent";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { flavorToolkit } from "../../../src/core/flavors/flavorToolkit";
import { flavorOf } from "../../../src/core/flavors/givenFlavor";
import { Image } from "../../../src/core/image/image";
import { planImage } from "../../../src/core/image/plan/planImage";
import type { ImplementationServices } from "../../../src/core/contracts/services";
import { Secrets } from "../../../src/vscode/platform/secrets";
import { connectorServices } from "../../support/connectors";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { memorySecrets } from "../../support/memento";
import { recordingOperation } from "../../support/operation";
import { socketPlace } from "../../support/socketPlace";
import { trustedSources } from "../../support/trustedSources";

/** Remembers what was asked, and refuses it unless it is told to agree. */
class Asked implements SourceConsent {
  readonly requests: SourceRequest[] = [];
  agrees = false;
  async confirm(request: SourceRequest): Promise<void> {
    this.requests.push(request);
    if (!this.agrees) throw notConfirmed(request);
  }
}
const isRefused = (error: unknown): boolean => ImageBuilderError.is(error, "sourceNotConfirmed");

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
  async function stored(): Promise<Secrets> {
    const secrets = new Secrets(memorySecrets());
    await secrets.save("npm", { token: "canary-npm" });
    await secrets.save("ghcr", { host: "ghcr.io", username: "me", password: "canary-ghcr" });
    return secrets;
  }

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
      ...services(secrets),
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
    const registry = await createComponent("container_registry", component, new FlavorRegistry(), services(secrets));
    await assert.rejects(registry.credentials(), isRefused);
    asked.agrees = true;
    assert.equal((await registry.credentials())?.source, 'the stored password "ghcr"');
  });

  it("as a place of a flavor's configuration is given to the flavor once it is allowed, with its secrets", async () => {
    let loaded = 0;
    const { z, secretField } = await flavorToolkit();
    const configSchema = z.object({
      place: z.string(),
      token: secretField({ plainText: "warned", description: "The token" }),
    });
    const flavors = new FlavorRegistry();
    flavors.register(
      await flavorOf(
        {
          name: "remote",
          configSchema,
          load: async () => (loaded++, { isBuildingLocally: false, build: async () => "x" }),
        },
        "a test",
        "image_builder",
      ),
    );
    const make = (configuration: Component["configuration"]) =>
      createComponent(
        "image_builder",
        { name: "far", type: "image_builder", flavor: "remote", configuration, from: "workspace" },
        flavors,
        services(new Secrets(memorySecrets())),
      );
    await assert.rejects(make({ place: "https://far.example", token: "pl4in" }), isRefused);
    assert.deepEqual([loaded, asked.requests.length], [0, 1]);
    const { destination } = asked.requests[0] ?? assert.fail();
    assert.deepEqual(destination, {
      kind: "flavor",
      flavor: "remote",
      configuration: '{"place":"https://far.example","token":"***"}',
      addresses: ["https://far.example"],
    });
    await assert.rejects(make({ place: "unix:///x", token: "{{npm.token}}" }), isRefused);
    asked.agrees = true;
    await assert.rejects(make({ place: "unix:///x", token: "{{npm.token}}" }), /"npm", which is not stored/);
    assert.deepEqual(asked.requests.at(-1)?.source, { kind: "secret", name: "npm", keys: ["token"] });
    assert.equal(loaded, 0);
  });

  it("as the image of a tool is not built with before it is allowed", async () => {
    const core = { flavors: new FlavorRegistry(), services: services(new Secrets(memorySecrets())) };
    const builder: Component = { name: "local", type: "image_builder", flavor: "local", configuration: {} };
    const image = Image.fromDebianBase({ installFlyte: false, name: "app", platform: "linux/amd64" }).withPipPackages(
      "six",
    );
    const places = { root: temporaryFolder(), uvImage: "evil.example/uv:1", syntax: "evil.example/frontend:1" };
    const planned = await planImage(image, places);
    const ensure = (): Promise<unknown> =>
      ensureImage({ ...planned, places, builder, force: true }, core, {
        ...recordingOperation(),
        consent: asked,
      });
    await assert.rejects(ensure(), isRefused);
    asked.agrees = true;
    await assert.rejects(ensure(), /nowhere/);
    assert.deepEqual(
      [
        ...new Set(
          asked.requests.map(
            ({ destination, requestedBy }) => `${requestedBy.name} ${"name" in destination ? destination.name : ""}`,
          ),
        ),
      ],
      ["uvImage evil.example/uv:1", "dockerfileSyntax evil.example/frontend:1"],
    );
  });

  it("for a build is not handed to a builder that works elsewhere before it is allowed", async () => {
    let built = 0;
    const flavors = new FlavorRegistry();
    const { z } = await flavorToolkit();
    flavors.register(
      await flavorOf(
        {
          name: "remote",
          configSchema: z.object({}),
          load: async () => ({
            isBuildingLocally: false,
            build: async () => (built++, `r.example/app@sha256:${"0".repeat(64)}`),
          }),
        },
        "a test",
        "image_builder",
      ),
    );
    const outside = join(temporaryFolder({ key: "k" }), "key");
    const options = {
      secrets: { one: { env: "ANY" }, two: { secret: "npm" }, three: { file: outside } },
      ssh: { default: outside },
    };
    const registry: Component = {
      name: "r",
      type: "container_registry",
      flavor: "default",
      configuration: { uri: "r.example" },
    };
    const core = { flavors, services: services(await stored()) };
    const run = (): Promise<unknown> =>
      buildAndPush(
        {
          root: temporaryFolder(),
          imageName: "r.example/app:1",
          builder: { name: "far", type: "image_builder", flavor: "remote", configuration: {} },
          registry,
          options,
        },
        core,
        { ...recordingOperation(), consent: asked },
      );
    await assert.rejects(run(), isRefused);
    assert.equal(built, 0);
    asked.agrees = true;
    await run();
    assert.equal(built, 1);
    assert.deepEqual(
      asked.requests.slice(1).map(({ source, requestedBy }) => [source.kind, requestedBy.name]),
      [
        ["environment", "one"],
        ["secret", "two"],
        ["file", "three"],
        ["sshAgent", "default"],
      ],
    );
  });

  describe("for a build", () => {
    const mounts = ["linked", "variable", "stored"].map((id) => `--mount=type=secret,id=${id}`);
    const text = `FROM scratch\nRUN ${mounts.join(" ")} true\n`;
    const dockerfile: DockerfileSource = { file: "Dockerfile", name: "Dockerfile", bytes: Buffer.from(text), text };
    const job = (root: string, options: BuildJob["options"], secrets?: Secrets): BuildJob =>
      ({
        context: new BuildContext({ root }),
        options,
        secrets,
        client: {
          endpoint: {
            address: "tcp://10.0.0.1:2376",
            source: "",
            connection: { kind: "tcp", host: "10.0.0.1", port: 2376 },
          },
        },
      }) as unknown as BuildJob;
    const operation = (): ReturnType<typeof recordingOperation> & { consent: Asked } => ({
      ...recordingOperation(),
      consent: asked,
    });

    it("is read only once it is allowed, each time anew, by where it really is", async () => {
      const outside = temporaryFolder({ id_rsa: "canary-file" });
      const root = temporaryFolder({ own: "mine" });
      symlinkSync(join(outside, "id_rsa"), join(root, "innocent.txt"));
      process.env["IMAGE_BUILDERS_CANARY"] = "canary-env";
      const options = {
        secrets: {
          linked: { file: "innocent.txt" },
          variable: { env: "IMAGE_BUILDERS_CANARY" },
          stored: { secret: "npm.token" },
        },
      };
      await assert.rejects(prepareSecrets(job(root, options, await stored()), dockerfile, operation()), isRefused);
      assert.equal(asked.requests.length, 1, "what comes after it is not looked at");
      asked.agrees = true;
      const read = await prepareSecrets(job(root, options, await stored()), dockerfile, operation());
      assert.deepEqual(
        asked.requests.slice(1).map(({ source }) => source),
        [
          { kind: "file", path: join(outside, "id_rsa") },
          { kind: "environment", name: "IMAGE_BUILDERS_CANARY" },
          { kind: "secret", name: "npm", keys: ["token"] },
        ],
      );
      assert.deepEqual(asked.requests[1]?.destination, {
        kind: "build",
        folder: root,
        address: "tcp://10.0.0.1:2376",
        isLocal: false,
      });
      assert.equal(String(await read("linked")), "canary-file");
      asked.agrees = false;
      for (const id of ["linked", "variable", "stored"]) await assert.rejects(read(id), isRefused);
      delete process.env["IMAGE_BUILDERS_CANARY"];
    });

    it("signs only once it is allowed: no key is loaded and no agent spoken to before", async () => {
      const agent = createServer();
      let spoken = 0;
      agent.on("connection", () => spoken++);
      const socket = socketPlace();
      await once(agent.listen(socket), "listening");
      const key = join(temporaryFolder({ key: "no key at all" }), "key");
      try {
        await assert.rejects(
          prepareSshAgents(job("/", { ssh: { default: socket } }), dockerfile, operation()),
          isRefused,
        );
        await assert.rejects(prepareSshAgents(job("/", { ssh: { default: key } }), dockerfile, operation()), isRefused);
        assert.deepEqual(
          asked.requests.map(({ source }) => source),
          [
            { kind: "sshAgent", socket },
            { kind: "sshKey", path: key },
          ],
        );
        assert.equal(spoken, 0);
      } finally {
        agent.close();
      }
    });
  });

  function services(secrets: Secrets): ImplementationServices {
    return {
      engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
      credentials: secrets,
      secrets,
      consent: asked,
    };
  }
});
