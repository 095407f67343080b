import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { identify, probe, type EngineIdentity } from "../../../src/core/engine/probe";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { servers, type Answers, docker20, answering, fails } from "./probeSupport";

function identityOf({ product, version, apiVersion, os, buildkit }: EngineIdentity): EngineIdentity {
  return { product, version, apiVersion, os, buildkit };
}

describe("probe", () => {
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
    removeTemporaryFolders();
  });

  describe("tells what a daemon is [Z100]", () => {
    const modern = { ...docker20, Version: "28.5.2", ApiVersion: "1.51", MinAPIVersion: "1.24" };
    const podman = {
      Version: "4.3.1",
      ApiVersion: "1.41",
      MinAPIVersion: "1.24",
      Os: "linux",
      Arch: "amd64",
      Components: [{ Name: "Podman Engine" }],
    };
    const rows: [what: string, answers: Answers, expected: object][] = [
      [
        "Docker 20.10, which does not tell of its BuildKit",
        {},
        { product: "docker", version: "20.10.24", apiVersion: "1.41", minApiVersion: "1.12", buildkit: true },
      ],
      [
        "Docker 28",
        { version: modern, pingHeaders: { "Builder-Version": "2" } },
        { product: "docker", buildkit: true, apiVersion: "1.51", os: "linux", arch: "amd64" },
      ],
      ["Docker with BuildKit off", { version: modern, pingHeaders: { "Builder-Version": "1" } }, { buildkit: false }],
      ["Docker before BuildKit", { version: { ...docker20, ApiVersion: "1.38" } }, { buildkit: false }],
      ["Docker with the first BuildKit", { version: { ...docker20, ApiVersion: "1.39" } }, { buildkit: true }],
      [
        "Windows containers",
        { version: { ...modern, Os: "windows" }, pingHeaders: { "Builder-Version": "2" } },
        { os: "windows", buildkit: false },
      ],
      ["Podman by its components", { version: podman }, { product: "podman", version: "4.3.1", buildkit: false }],
      [
        "Podman by its ping",
        { version: modern, pingHeaders: { Server: "Libpod/5.4.2 (linux)", "Builder-Version": "2" } },
        { product: "podman", buildkit: false },
      ],
      ["an experimental daemon", { version: { ...modern, Experimental: true } }, { experimental: true }],
      ["one that is not", {}, { experimental: false }],
      ["one that tells no lowest API", { version: { ...modern, MinAPIVersion: undefined } }, { minApiVersion: "1.51" }],
    ];
    for (const [what, answers, expected] of rows) {
      it(what, async () => {
        const info = await probe(await answering(answers));
        assert.deepEqual(
          Object.fromEntries(Object.keys(expected).map((key) => [key, info[key as keyof typeof info]])),
          expected,
        );
        assert.deepEqual(identityOf(await identify(await answering(answers))), identityOf(info));
      });
    }

    const pings: [what: string, headers: Record<string, string>, expected: EngineIdentity][] = [
      [
        "Docker 20.10",
        { Server: "Docker/20.10.24+dfsg1 (linux)", "Api-Version": "1.41" },
        { product: "docker", version: "20.10.24+dfsg1", apiVersion: "1.41", os: "linux", buildkit: true },
      ],
      [
        "Docker 28",
        { Server: "Docker/28.5.2 (linux)", "Api-Version": "1.51", "Builder-Version": "2" },
        { product: "docker", version: "28.5.2", apiVersion: "1.51", os: "linux", buildkit: true },
      ],
      [
        "Docker with BuildKit off",
        { Server: "Docker/28.5.2 (linux)", "Api-Version": "1.51", "Builder-Version": "1" },
        { product: "docker", version: "28.5.2", apiVersion: "1.51", os: "linux", buildkit: false },
      ],
      [
        "Windows containers",
        { Server: "Docker/28.5.2 (windows)", "Api-Version": "1.51", "Builder-Version": "2" },
        { product: "docker", version: "28.5.2", apiVersion: "1.51", os: "windows", buildkit: false },
      ],
    ];
    for (const [what, pingHeaders, expected] of pings) {
      it(`${what}, for a build, by its sign of life alone`, async () => {
        assert.deepEqual(await identify(await answering({ pingHeaders, versionStatus: 500 })), expected);
      });
    }
  });

  it("refuses an API that is too old by the sign of life, too", async () => {
    const endpoint = await answering({ pingHeaders: { Server: "Docker/17.05.0 (linux)", "Api-Version": "1.29" } });
    await assert.rejects(identify(endpoint), fails("daemonTooOld", endpoint, /17\.05\.0.*API 1\.29.*API 1\.32/));
  });

  describe("engine access", () => {
    it("keeps one client while the endpoint stays, and notices when the user switches contexts", async () => {
      const folder = temporaryFolder({ "config.json": "{}" });
      const env: NodeJS.ProcessEnv = { DOCKER_CONFIG: folder, DOCKER_HOST: "tcp://one:1" };
      const access = createEngineAccess({ env });
      const one = await access.client();
      assert.equal(await access.client(), one);
      env["DOCKER_HOST"] = "tcp://two:1";
      const two = await access.client();
      assert.notEqual(two, one);
      assert.equal((await access.endpoint()).address, "tcp://two:1");
      delete env["DOCKER_HOST"];
      writeFiles(folder, { "config.json": '{"currentContext":"gone"}' });
      await assert.rejects(access.client(), (error) => ImageBuilderError.is(error, "dockerContextInvalid"));
    });

    it("probes the daemon that is used now", async () => {
      const endpoint = await answering({});
      assert.equal((await createEngineAccess({ dockerHost: endpoint.address }).probe()).version, "20.10.24");
    });
  });
});
