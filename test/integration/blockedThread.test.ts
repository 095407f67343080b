import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../scripts/setup/paths.mjs";
import type { ProgressEvent } from "../../src/core/operation/progressEvent";
import { build, outputOf, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";

const variable = "IMAGE_BUILDERS_TEST_LATE";

describe("BuildKit's session", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  after(() => delete process.env[variable]);

  /** Holds up this thread once a step runs; the step after it needs the session. */
  async function buildBlocked(blockedMs: number): Promise<string> {
    process.env[variable] = "late";
    const recording = recordingOperation();
    let blocked = false;
    const report = (event: ProgressEvent): void => {
      recording.report(event);
      if (event.kind !== "stepLog" || blocked) return;
      blocked = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockedMs);
    };
    const folder = temporaryFolder({
      Dockerfile:
        `FROM busybox:1.35\nRUN echo ${uniqueName()} && sleep 1\n` +
        "RUN --mount=type=secret,id=token,required=true wc -c < /run/secrets/token\n",
    });
    await build({
      root: folder,
      imageName: `${uniqueName()}:1`,
      options: { builder: "buildkit", noCache: true, secrets: { token: { env: variable } } },
      operation: { ...recording, report },
    });
    assert.ok(blocked);
    return outputOf(recording.events);
  }

  it("outlives a quarter of a minute in which the editor's thread does nothing else", async () => {
    assert.match(await buildBlocked(16_000), /^4$/m);
  });

  it("is there in time where its thread starts late, as on a busy machine", async () => {
    // The daemon waits five seconds for the session of a build.
    const slow =
      'import { isMainThread } from "node:worker_threads"; ' +
      "if (!isMainThread) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8000);";
    const folder = temporaryFolder({ Dockerfile: `FROM busybox:1.35\nRUN echo ${uniqueName()}\n` });
    const imports = [join(root, "scripts/tsx.mjs"), `data:text/javascript,${encodeURIComponent(slow)}`].flatMap(
      (module) => ["--import", module],
    );
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...imports,
      join(root, "test/support/buildInProcess.ts"),
      folder,
    ]);
    assert.match(stdout, /^sha256:/m);
  });
});
