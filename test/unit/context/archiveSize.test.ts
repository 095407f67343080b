import assert from "node:assert/strict";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { archiveOf, recordingLog } from "./support";

describe("the size of an archive", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);
  const limit = 52_428_800;
  const overhead = 512 + 1024;

  async function warningsFor(archiveBytes: number, files: Record<string, string> = {}): Promise<string[]> {
    const root = temporaryFolder({ ...files, big: Buffer.alloc(archiveBytes - overhead) });
    const log = recordingLog();
    const archive = await archiveOf(new BuildContext({ root, log }), { gzip: false });
    if (Object.keys(files).length === 0) assert.equal(archive.length, archiveBytes);
    return log.lines.filter((line) => line.startsWith("warn"));
  }

  it("is warned of from one block past 50 MiB on [Z74][Z75]", async () => {
    assert.deepEqual(await warningsFor(limit), []);
    const [warning, ...others] = await warningsFor(limit + 512);
    assert.deepEqual(others, []);
    const [before, after] = (warning ?? "").split(/`[^`]*[\\/]\.dockerignore`/);
    assert.equal(
      before,
      "warn: Build context size for docker image: `50.00 MiB`. If you believe this is unreasonably large, " +
        "make sure to include a `.dockerignore` file at the root of your build context ",
    );
    assert.equal(after, " or specify a custom file in the Docker configuration when defining your pipeline.");
  });

  it("is not warned of where there is an ignore file [Z74]", async () => {
    assert.deepEqual(await warningsFor(limit + 512, { ".dockerignore": "" }), []);
  });
});
