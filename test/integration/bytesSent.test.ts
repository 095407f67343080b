import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { CountingProxy } from "../support/countingProxy";
import { DockerCli } from "../support/dockerCli";
import { build, coreOn, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";

const files = 2000;
const fileBytes = 4096;

describe("what a build of 2,000 files sends", function () {
  this.timeout(180_000);
  let proxy: CountingProxy;
  let cli: DockerCli;

  before(async () => {
    cli = await DockerCli.ofDaemon();
    proxy = await CountingProxy.start();
  });
  after(async () => {
    await proxy.stop();
    removeTemporaryFolders();
  });

  /** Of a first build, an unchanged one, one with a changed file and one more that is unchanged. */
  async function sentBy(
    make: (root: string) => Promise<unknown>,
  ): Promise<{ first: number; unchanged: number; oneChanged: number; unchangedAgain: number }> {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /\n" });
    for (let i = 0; i < files; i++) writeFileSync(join(root, `file-${i}.bin`), randomBytes(fileBytes));
    const first = await proxy.during(() => make(root));
    const unchanged = await proxy.during(() => make(root));
    writeFileSync(join(root, "file-7.bin"), randomBytes(fileBytes));
    const oneChanged = await proxy.during(() => make(root));
    return { first, unchanged, oneChanged, unchangedAgain: await proxy.during(() => make(root)) };
  }

  it("is no more than what the docker command line sends, and no file's content if nothing has changed", async () => {
    const core = coreOn(createEngineAccess({ dockerHost: proxy.dockerHost }));
    const imageName = `${uniqueName("bytes")}:1`;
    const ours = await sentBy((root) => build({ root, imageName, options: { builder: "buildkit" }, core }));
    const theirs = await sentBy((root) =>
      cli.build("buildkit", root, imageName, { noCache: false, dockerHost: proxy.dockerHost }),
    );
    console.log(`      bytes sent by us ${JSON.stringify(ours)}, by docker build ${JSON.stringify(theirs)}`);

    assert.ok(ours.unchanged <= theirs.unchanged, "unchanged");
    assert.ok(ours.first <= theirs.first && ours.first > files * fileBytes, "first");
    assert.ok(ours.oneChanged <= theirs.oneChanged, "one changed");
    const content = ours.oneChanged - ours.unchanged;
    assert.ok(content >= fileBytes && content < 2 * fileBytes, `of one changed file ${content} bytes were sent`);
    assert.ok(Math.abs(ours.unchangedAgain - ours.unchanged) < fileBytes / 2, "as few again");
    // A name, a mode, a size and a time of each file, and what opens the connections.
    assert.ok(ours.unchanged < files * 50, `${ours.unchanged} bytes hold more than the list`);
  });
});
