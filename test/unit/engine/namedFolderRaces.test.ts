import assert from "node:assert/strict";
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { silentLog } from "../../../src/core/base/log";
import { prepareFolders } from "../../../src/core/engine/namedContexts";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

const tries = 2_000;

describe("a folder that is a named build context", () => {
  after(removeTemporaryFolders);

  it("is the one that a person is asked about, also while a link takes its place", async () => {
    const beside = temporaryFolder({ "outside/key": "s3cr3t" });
    const root = join(beside, "workspace");
    mkdirSync(join(root, "shared"), { recursive: true });
    symlinkSync(join(beside, "outside"), join(beside, "link"));
    const [shared, kept, link] = [join(root, "shared"), join(root, "kept"), join(beside, "link")];
    let isOver = false;
    const swap = (): void => {
      if (isOver) return;
      renameSync(shared, kept);
      renameSync(link, shared);
      setImmediate(() => {
        renameSync(shared, link);
        renameSync(kept, shared);
        setImmediate(swap);
      });
    };
    swap();
    try {
      for (let i = 0; i < tries; i++) {
        const [folder] = await prepareFolders({ shared: "shared" }, root, silentLog).catch((error: unknown) => {
          assert.ok(ImageBuilderError.is(error, "contextUnreadable"), String(error));
          return [];
        });
        const context = folder?.context;
        assert.equal(context?.describe()?.rootFolder?.realPath, context?.root);
      }
    } finally {
      isOver = true;
    }
  });
});
