import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import type { DockerfileSource } from "../../../src/core/context/files/dockerfileSource";
import type { BuildJob } from "../../../src/core/engine/buildJob";
import { prepareSecrets } from "../../../src/core/engine/buildSecrets";
import { prepareSshAgents } from "../../../src/core/engine/buildSshAgents";
import type { Secrets } from "../../../src/vscode/platform/secrets";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { socketPlace } from "../../support/socketPlace";
import { Asked, isRefused, stored } from "./askedSources";

describe("a source that is named", () => {
  let asked: Asked;
  beforeEach(() => void (asked = new Asked()));
  after(removeTemporaryFolders);

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

    it("is read only once it is allowed, each time again, by where it really is", async () => {
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
});
