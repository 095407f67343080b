import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Daemon } from "../../scripts/engines/daemon.mjs";
import { ImageBuilderError } from "../../src/core/base/errors";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { createComponent } from "../../src/core/flavors/createComponent";
import type { BuildResult } from "../../src/core/jobs/buildAndPush";
import { BuildkitProxy } from "../support/buildkitProxy";
import type { Authority } from "../support/certificates";
import { removeContainer, startContainer } from "../support/container";
import { authRegistry, coreOn, login, outputOf, plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation, type RecordingOperation } from "../support/operation";
import { endsSoon } from "../support/process";
import { SshHost } from "../support/sshHost";
import { until } from "../support/until";
import {
  assertFails,
  build as buildWith,
  builderOn,
  BuildkitNodes,
  engine,
  imageIn,
  type Wanted,
} from "./buildkitBuilderSupport";

describe("a builder of BuildKit daemons", function () {
  this.timeout(180_000);
  let nodes: BuildkitNodes;
  let daemon: Daemon;
  let node: BuildkitProxy;
  let secure: BuildkitProxy;
  let host: SshHost;
  let ours: Authority;
  let pair: BuildkitNodes["pair"];

  before(async () => {
    nodes = await BuildkitNodes.start();
    ({ daemon, node, secure, ours, pair } = nodes);
    // The thread of the builds has the PATH that it starts with.
    host = new SshHost();
    await host.start(daemon.dockerHost);
  });
  after(async () => {
    host.stop();
    await nodes.stop();
    removeTemporaryFolders();
  });

  const build = (wanted: Omit<Wanted, "builder"> & Partial<Pick<Wanted, "builder">>) =>
    buildWith({ builder: builderOn({ endpoint: node.address }), ...wanted });

  async function assertPushed(imageName: string, { digest, repoDigest, reference }: BuildResult): Promise<void> {
    assert.ok(digest);
    assert.equal(digest, await registryDigest(imageName, imageName.startsWith(authRegistry()) ? login() : undefined));
    assert.equal(repoDigest, `${imageName.replace(/:1$/, "")}@${digest}`);
    assert.equal(reference, repoDigest);
  }

  it("pushes from a socket, under all names, with the digest that the registry reports", async () => {
    const [imageName, tag] = [imageIn(plainRegistry()), imageIn(plainRegistry())];
    const operation = recordingOperation();
    const result = await build({ imageName, registry: plainRegistry(), options: { tags: [tag] }, operation });
    await assertPushed(imageName, result);
    assert.equal(await registryDigest(tag), result.digest);
    assert.equal(result.imageId, undefined);
    assert.deepEqual(
      operation.events.flatMap((event) => (event.kind === "pushed" ? [event.imageName] : [])),
      [imageName, tag],
    );
  });

  it("uses one connection for a build and another one to watch the daemon", async () => {
    const before = node.connections;
    await build({ imageName: imageIn(plainRegistry()), registry: plainRegistry() });
    assert.equal(node.connections - before, 2);
  });

  it("pushes over mutual TLS", async () => {
    const imageName = imageIn(plainRegistry());
    const builder = builderOn({ endpoint: secure.address, ca: ours.certificate, ...pair });
    await assertPushed(imageName, await build({ imageName, registry: plainRegistry(), builder }));
  });

  it("pushes over SSH, and leaves no ssh behind", async () => {
    const imageName = imageIn(plainRegistry());
    const builder = builderOn({ endpoint: `ssh://box${node.address.replace("unix://", "")}` });
    await assertPushed(imageName, await build({ imageName, registry: plainRegistry(), builder }));
    const pids = host.newProcesses();
    assert.equal(pids.length, 2);
    for (const pid of pids) assert.ok(await endsSoon(pid), `ssh ${pid} is still running`);
    await assertFails(
      "daemonUnreachable",
      /Can't reach the BuildKit daemon at ssh:\/\/box\/none\.sock .* over SSH: .*ENOENT.*"ssh box buildctl debug info"/,
      build({ imageName, registry: plainRegistry(), builder: builderOn({ endpoint: "ssh://box/none.sock" }) }),
    );
  });

  it("pushes from a container of the Docker daemon, without the docker CLI", async () => {
    const plain = await new BuildkitProxy(daemon.dockerHost).start({ onPort: true });
    const port = plain.address.replace(/.*:/, "");
    const buildctl = "/usr/local/bin/buildctl";
    const script = [
      "mkdir -p /usr/local/bin",
      `printf '#!/bin/sh\\nexec nc 127.0.0.1 ${port}\\n' > ${buildctl}`,
      `chmod +x ${buildctl}`,
      "exec sleep 600",
    ].join("; ");
    const container = await startContainer(daemon.socket, ["sh", "-c", script]);
    const core = coreOn(createEngineAccess({ dockerHost: daemon.dockerHost, env: {} }));
    try {
      const imageName = imageIn(plainRegistry());
      const builder = builderOn({ endpoint: `docker-container://${container}` });
      await assertPushed(imageName, await build({ imageName, registry: plainRegistry(), builder, core }));
      for (const [name, words] of [
        [
          "none",
          /docker-container:\/\/none \(builder "pool"\): No such container: none\. Check that the container runs/,
        ],
        [container, /docker-container:\/\/\S+ \(builder "pool"\)/],
      ] as const) {
        if (name === container) await plain.stop();
        const failing = builderOn({ endpoint: `docker-container://${name}` });
        await assertFails(
          "daemonUnreachable",
          words,
          build({ imageName, registry: plainRegistry(), builder: failing, core }),
        );
      }
    } finally {
      await plain.stop();
      await removeContainer(daemon.socket, container);
    }
  });

  it("pushes with a builder that buildx has set up", async () => {
    const DriverOpts = { cacert: ours.certificate, cert: pair.cert, key: pair.key };
    const stored = { Name: "far", Driver: "remote", Nodes: [{ Name: "far0", Endpoint: secure.address, DriverOpts }] };
    const { BUILDX_CONFIG: usual } = process.env;
    process.env["BUILDX_CONFIG"] = temporaryFolder({ "instances/far": JSON.stringify(stored) });
    try {
      const imageName = imageIn(plainRegistry());
      const builder = { ...builderOn(), configuration: { instance: "far" } };
      await assertPushed(imageName, await build({ imageName, registry: plainRegistry(), builder }));
    } finally {
      if (usual === undefined) delete process.env["BUILDX_CONFIG"];
      else process.env["BUILDX_CONFIG"] = usual;
    }
  });

  it("logs in with the registry's credentials", async () => {
    const imageName = imageIn(authRegistry());
    const logins = { [authRegistry()]: login() };
    await assertPushed(imageName, await build({ imageName, registry: authRegistry(), logins }));
  });

  it("says what the registry says of a push without credentials", async () => {
    const imageName = imageIn(authRegistry());
    await assertFails(
      "pushFailed",
      /Can't push .*(?:log in|credentials|password)/i,
      build({ imageName, registry: authRegistry() }),
    );
  });

  it("marks the line of a step that fails", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nRUN exit 7\n" });
    await assert.rejects(build({ root, imageName: imageIn(plainRegistry()), registry: plainRegistry() }), (error) => {
      assert.ok(ImageBuilderError.is(error, "buildFailed"), String(error));
      assert.equal(error.location?.line, 2);
      return /exit code: 7/.test(error.message);
    });
  });

  it("passes secrets and build arguments, and hides the secrets", async () => {
    const secret = uniqueName("secret");
    const root = temporaryFolder({
      Dockerfile: 'FROM busybox:1.35\nARG WHO\nRUN --mount=type=secret,id=s echo "$WHO $(cat /run/secrets/s)"\n',
      "secret.txt": secret,
      ".dockerignore": "secret.txt\n",
    });
    const operation = recordingOperation();
    const options = { buildArgs: { WHO: "hello" }, secrets: { s: { file: join(root, "secret.txt") } } };
    await build({ root, imageName: imageIn(plainRegistry()), registry: plainRegistry(), options, operation });
    assert.match(outputOf(operation.events), /hello \*+/);
    assert.ok(!outputOf(operation.events).includes(secret));
  });

  it("exports to a folder without a registry", async () => {
    const dest = join(temporaryFolder(), "out");
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY a.txt /\n", "a.txt": "hello" });
    await build({ root, imageName: `${uniqueName()}:1`, options: { output: { type: "local", dest } } });
    assert.equal(readFileSync(join(dest, "a.txt"), "utf8"), "hello");
  });

  it("uses the next daemon if the first one can't be reached", async () => {
    const imageName = imageIn(plainRegistry());
    const builder = builderOn({ endpoint: "unix:///nonexistent/buildkitd.sock" }, { endpoint: node.address });
    const operation = recordingOperation();
    await assertPushed(imageName, await build({ imageName, registry: plainRegistry(), builder, operation }));
    assert.ok(operation.logged.some((line) => /buildkitd\.sock.*Trying the next daemon/.test(line)));
  });

  it("ends a build whose connection breaks, and one that is canceled", async () => {
    const slow = () =>
      temporaryFolder({ Dockerfile: `FROM busybox:1.35\nRUN echo ${uniqueName()} started && sleep 300\n` });
    const started = async (operation: RecordingOperation): Promise<void> =>
      until(() => outputOf(operation.events).includes("started"), "RUN has started");
    const broken = recordingOperation();
    const lost = assertFails(
      "daemonLost",
      /connection to the daemon was lost/,
      build({ root: slow(), imageName: imageIn(plainRegistry()), registry: plainRegistry(), operation: broken }),
    );
    await started(broken);
    node.drop();
    await lost;

    const controller = new AbortController();
    const operation = recordingOperation(controller.signal);
    const reason = new Error("canceled by the user");
    const canceled = assert.rejects(
      build({ root: slow(), imageName: imageIn(plainRegistry()), registry: plainRegistry(), operation }),
      reason,
    );
    await started(operation);
    controller.abort(reason);
    await canceled;
  });

  it("tells version and platforms of each daemon, and why one can't be used", async () => {
    const none = "unix:///nonexistent/b.sock";
    const core = coreOn(engine);
    const builder = await createComponent(
      "image_builder",
      builderOn(
        { endpoint: node.address },
        { endpoint: secure.address, platforms: ["linux/arm64"] },
        { endpoint: none },
      ),
      core.flavors,
      core.services,
    );
    const [first, second, third] = (await builder.daemons?.(new AbortController().signal)) ?? [];
    assert.match(first?.version ?? "", /^BuildKit \S+/);
    assert.ok(
      first?.platforms.includes(`linux/${process.arch === "x64" ? "amd64" : process.arch}`),
      String(first?.platforms),
    );
    assert.deepEqual([second?.platforms, second?.version], [["linux/arm64"], undefined]);
    assert.match(second?.problem ?? "", /requires TLS/);
    assert.match(third?.problem ?? "", /is not running/);
  });
});
