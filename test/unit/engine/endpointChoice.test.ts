import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { after, before, describe, it } from "mocha";
import type { EndpointOptions } from "../../../src/core/transport/endpoint";
import { firstExisting, usualSockets } from "../../../src/core/transport/usualSockets";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { socketPlace } from "../../support/socketPlace";
import { resolve, contextFiles, dockerContext } from "./endpointSupport";

describe("resolveEndpoint", () => {
  after(removeTemporaryFolders);

  describe("which daemon is used [Z115]", () => {
    let home: string;
    before(() => {
      const contexts = ["current", "named", "set"].map((name) => dockerContext(name, `tcp://${name}:1`));
      const files = { "config.json": JSON.stringify({ currentContext: "current" }), ...Object.assign({}, ...contexts) };
      home = temporaryFolder(
        Object.fromEntries(Object.entries<string>(files).map(([path, text]) => [`.docker/${path}`, text])),
      );
    });
    const all = {
      dockerHost: "tcp://setting:1",
      dockerContext: "set",
      env: { DOCKER_HOST: "tcp://variable:1", DOCKER_CONTEXT: "named" },
    };
    const rows: [what: string, question: EndpointOptions, address: string, source: string][] = [
      ["the setting's host beats all", all, "tcp://setting:1", 'setting "imageBuilders.dockerHost"'],
      [
        "the setting's context is next",
        { ...all, dockerHost: "" },
        "tcp://set:1",
        'Docker context "set" (setting "imageBuilders.dockerContext")',
      ],
      ["DOCKER_HOST is next", { env: all.env }, "tcp://variable:1", "DOCKER_HOST"],
      [
        "DOCKER_CONTEXT is next",
        { env: { DOCKER_CONTEXT: "named" } },
        "tcp://named:1",
        'Docker context "named" (DOCKER_CONTEXT)',
      ],
      [
        "an empty DOCKER_HOST is none",
        { env: { DOCKER_HOST: "", DOCKER_CONTEXT: "named" } },
        "tcp://named:1",
        'Docker context "named" (DOCKER_CONTEXT)',
      ],
      ["the current context is next", {}, "tcp://current:1", 'Docker context "current"'],
      [
        "the context default means DOCKER_HOST",
        { ...all, dockerHost: "", dockerContext: "default" },
        "tcp://variable:1",
        "DOCKER_HOST",
      ],
    ];
    for (const [what, question, address, source] of rows) {
      it(what, async () => {
        const endpoint = await resolve({ ...question, homeDir: home });
        assert.deepEqual([endpoint.address, endpoint.source], [address, source]);
      });
    }

    it("DOCKER_CONFIG moves the folder of the configuration", async () => {
      const folder = temporaryFolder({
        "config.json": '{"currentContext":"moved"}',
        ...dockerContext("moved", "tcp://moved:1"),
      });
      assert.equal((await resolve({ env: { DOCKER_CONFIG: folder }, homeDir: home })).address, "tcp://moved:1");
    });

    it("names of Docker's files count in any case", async () => {
      const meta = { NAME: "moved", endpoints: { docker: { HOST: "tcp://moved:1", skiptlsverify: true } } };
      const folder = temporaryFolder({ "config.json": '{"CURRENTCONTEXT":"moved"}', ...contextFiles("moved", meta) });
      const { address, connection } = await resolve({ env: { DOCKER_CONFIG: folder }, homeDir: home });
      assert.equal(address, "tcp://moved:1");
      assert.equal(connection.kind === "tcp" && connection.tls?.rejectUnauthorized, false);
    });

    it("the context default, from any place, means the usual sockets", async () => {
      const runtime = temporaryFolder({ "docker.sock": "" });
      const usual = await firstExisting(usualSockets({ XDG_RUNTIME_DIR: runtime }, home, "linux"));
      for (const env of [
        { DOCKER_CONTEXT: "default" },
        { DOCKER_CONFIG: temporaryFolder({ "config.json": '{"currentContext":"default"}' }) },
      ]) {
        const endpoint = await resolve({ env: { XDG_RUNTIME_DIR: runtime, ...env }, homeDir: home });
        assert.deepEqual([endpoint.source, endpoint.address], [usual?.source, `unix://${usual?.path}`]);
      }
    });

    it("of the usual sockets the first that exists is taken, rootless before the home's, Podman last", async () => {
      const base = temporaryFolder();
      const paths = usualSockets({ XDG_RUNTIME_DIR: join(base, "run") }, join(base, "home"), "linux").filter(
        ({ path }) => path.startsWith(base),
      );
      assert.equal(await firstExisting(paths), undefined);
      for (const socket of [...paths].reverse()) {
        writeFiles(base, { [relative(base, socket.path)]: "" });
        assert.equal(await firstExisting(paths), socket);
      }
      assert.equal(paths[0]?.source, "rootless Docker's socket");
      assert.equal(paths.at(-1)?.source, "Podman's socket");
    });

    it("one that listens is found, also a named pipe of Windows", async () => {
      const [absent, present] = [
        { source: "one", path: socketPlace() },
        { source: "another", path: socketPlace() },
      ];
      const server = createServer((socket) => socket.destroy()).listen(present.path);
      await once(server, "listening");
      assert.equal(await firstExisting([absent, present]), present);
      server.close();
    });

    it("on Windows without a pipe the default pipe is named", async () => {
      assert.equal((await resolve({ platform: "win32" })).address, "npipe:////./pipe/docker_engine");
    });
  });
});
