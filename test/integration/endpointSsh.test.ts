import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { renameSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { after, afterEach, before, describe, it } from "mocha";
import { ImageBuilderError, type ErrorCode } from "../../src/core/base/errors";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { resolveEndpoint } from "../../src/core/transport/endpoint";
import { agentSocket, EngineAgent } from "../../src/core/transport/transport";
import { build, coreOn, given, outputOf, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { endsSoon } from "../support/process";
import { SshHost } from "../support/sshHost";
import { until } from "../support/until";

describe("a daemon over ssh", function () {
  this.timeout(120_000);
  let host: SshHost;
  let agent: EngineAgent | undefined;

  before(async () => {
    host = new SshHost();
    await host.start(given("DOCKER_HOST"));
  });
  afterEach(() => {
    agent?.destroy();
    host.configure();
    host.newProcesses();
  });
  after(() => {
    host.stop();
    removeTemporaryFolders();
  });

  const access = (dockerHost = "ssh://box") => createEngineAccess({ dockerHost, env: {} });

  async function assertFails(code: ErrorCode, words: RegExp, dockerHost?: string): Promise<void> {
    await assert.rejects(access(dockerHost).probe(), (error) => {
      assert.ok(ImageBuilderError.is(error, code), String(error));
      assert.match(error.message, words);
      assert.match(error.message, /ssh:\/\/\S+ \(setting "imageBuilders\.dockerHost"\)/);
      return true;
    });
    for (const pid of host.newProcesses()) assert.ok(await endsSoon(pid), `ssh ${pid} is still running`);
  }

  async function newAgent(): Promise<EngineAgent> {
    return (agent = new EngineAgent(await resolveEndpoint({ dockerHost: "ssh://box", env: {} })));
  }

  async function ping(over: EngineAgent): Promise<string> {
    const sent = request({ agent: over, socketPath: agentSocket, path: "/_ping" }).end();
    return text((await once(sent, "response"))[0]);
  }

  for (const builder of ["buildkit", "classic"] as const) {
    it(`builds an image (${builder})`, async () => {
      const root = temporaryFolder({
        Dockerfile: "FROM scratch\nCOPY . /\n",
        "a.txt": uniqueName(),
        "b.bin": Buffer.alloc(3_000_000, "b"),
      });
      const core = coreOn(access());
      assert.ok((await build({ root, imageName: `${uniqueName()}:1`, options: { builder }, core })).imageId);
    });
  }

  it("whose ssh processes are killed while it builds is lost, and builds again", async () => {
    const core = coreOn(access());
    const operation = recordingOperation();
    const root = temporaryFolder({ Dockerfile: `FROM busybox:1.35\nRUN echo ${uniqueName()} started && sleep 300\n` });
    const lost = assert.rejects(build({ root, imageName: `${uniqueName()}:1`, core, operation }), (error) =>
      ImageBuilderError.is(error, "daemonLost"),
    );
    await until(() => outputOf(operation.events).includes("started"), "RUN has started");
    // What asked the daemon before the build has ended already.
    spawnSync("kill", host.newProcesses().map(String));
    await lost;
    assert.ok(
      (
        await build({
          root: temporaryFolder({ Dockerfile: "FROM busybox:1.35\n" }),
          imageName: `${uniqueName()}:1`,
          core,
        })
      ).imageId,
    );
  });

  it("whose build is cancelled is left by every ssh", async () => {
    const controller = new AbortController();
    const operation = recordingOperation(controller.signal);
    const root = temporaryFolder({ Dockerfile: `FROM busybox:1.35\nRUN echo ${uniqueName()} started && sleep 300\n` });
    const reason = new Error("cancelled by the user");
    const cancelled = assert.rejects(
      build({ root, imageName: `${uniqueName()}:1`, core: coreOn(access()), operation }),
      reason,
    );
    await until(() => outputOf(operation.events).includes("started"), "RUN has started");
    controller.abort(reason);
    await cancelled;
    const pids = host.newProcesses();
    assert.ok(pids.length >= 2, "the build and its session have a connection each");
    for (const pid of pids) assert.ok(await endsSoon(pid), `ssh ${pid} is still running`);
  });

  it("tells what it is, and leaves no ssh behind", async () => {
    assert.equal((await access().probe()).product, "docker");
    const pids = host.newProcesses();
    assert.equal(pids.length, 1, "one connection serves the whole probe");
    for (const pid of pids) assert.ok(await endsSoon(pid), `ssh ${pid} is still running`);
  });

  it("is asked again over the same connection", async () => {
    const over = await newAgent();
    for (let round = 0; round < 5; round++) assert.equal(await ping(over), "OK");
    assert.equal(host.newProcesses().length, 1);
  });

  it("serves an upgraded connection, which ends with the agent", async () => {
    const over = await newAgent();
    const headers = { Connection: "Upgrade", Upgrade: "h2c", "X-Docker-Expose-Session-Uuid": uniqueName() };
    const sent = request({ agent: over, socketPath: agentSocket, path: "/session", method: "POST", headers }).end();
    const [, stream] = (await once(sent, "upgrade")) as [unknown, Duplex];
    over.destroy();
    await once(stream, "close");
    for (const pid of host.newProcesses()) assert.ok(await endsSoon(pid), `ssh ${pid} is still running`);
  });

  it("whose request is aborted leaves no ssh behind", async () => {
    const abort = new AbortController();
    const sent = request({
      agent: await newAgent(),
      socketPath: agentSocket,
      path: "/events",
      signal: abort.signal,
    }).end();
    await once(sent, "response");
    abort.abort();
    for (const pid of host.newProcesses()) assert.ok(await endsSoon(pid), `ssh ${pid} is still running`);
  });

  it("whose ssh is killed in the middle is lost, and reached again", async () => {
    const over = await newAgent();
    const sent = request({ agent: over, socketPath: agentSocket, path: "/events" }).end();
    await once(sent, "response");
    const broken = once(sent, "error");
    for (const pid of host.newProcesses()) process.kill(pid);
    const [error] = await broken;
    assert.ok(ImageBuilderError.is(error, "daemonLost"), String(error));
    assert.equal(await ping(over), "OK");
  });

  it("that does not know the user's key says so in ssh's words", async () => {
    host.configure({ key: "strange-key" });
    await assertFails("daemonUnreachable", /Permission denied \(publickey\)\. Add your key/);
  });

  it("with another host key than the one that is known is not trusted", async () => {
    host.configure({ knownHosts: "strange_hosts" });
    await assertFails("daemonUnreachable", /Host key verification failed\. Connect once with "ssh"/);
  });

  it("at a name that does not exist says so", async () => {
    await assertFails(
      "daemonUnreachable",
      /Could not resolve hostname no-such-host\.invalid.*Check the host name/,
      "ssh://no-such-host.invalid",
    );
  });

  it("at a port where no ssh server listens says so", async () => {
    await assertFails("daemonUnreachable", /Connection refused/, "ssh://me@127.0.0.1:1");
  });

  it("without Docker's command line over there says so", async () => {
    const program = join(host.folder, "far/docker");
    renameSync(program, `${program}-hidden`);
    try {
      await assertFails("daemonUnreachable", /docker.*not found.*Install the Docker CLI on the remote machine/);
    } finally {
      renameSync(`${program}-hidden`, program);
    }
  });

  it("without an ssh program here says so", async () => {
    const { PATH } = process.env;
    process.env["PATH"] = "/nonexistent";
    try {
      await assertFails("daemonUnreachable", /"ssh", which can't be started: it is not installed/);
    } finally {
      process.env["PATH"] = PATH;
    }
  });
});
