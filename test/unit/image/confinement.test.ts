import assert from "node:assert/strict";
import { rmSync, symlinkSync, truncateSync } from "node:fs";
import { dirname, join } from "node:path";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { isConfined } from "../../../src/core/image/files/confinement";
import { plannedPreview } from "../../support/plannedBuild";
import { imageUri } from "../../../src/core/image/plan/imageUri";
import { proposeSpecs } from "../../../src/core/image/propose/proposeSpecs";
import { placeProblems } from "../../../src/core/image/spec/placeProblems";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { removeTemporaryFolders } from "../../support/folder";
import { base, outsideCases, outsideFolders } from "./outsideCases";

describe("an image in a workspace that is not trusted", () => {
  after(removeTemporaryFolders);

  const isRefused = (error: unknown): boolean =>
    ImageBuilderError.is(error, "workspaceUntrusted") && /is outside the workspace's folders/.test(error.message);

  for (const [title, { image, files, places }] of Object.entries(outsideCases)) {
    it(`does not reach ${title}, nor tells whether it is there`, async () => {
      const { root, outside } = outsideFolders(files);
      const begin = performance.now();
      const confined = { root, ...places, within: { folders: [root] } };
      await assert.rejects(imageUri(image(outside), confined), isRefused);
      await assert.rejects(plannedPreview(image(outside), confined), isRefused);
      assert.ok(performance.now() - begin < 1000, "3 GB were not read");
      rmSync(outside, { recursive: true });
      // A lock that is only looked for beside its project, and modules that are only looked for, are as good as absent
      // then.
      if (
        ![
          "a lock that is a link",
          "an imported module that is a link",
          "an ignore file that is a link",
          "a folder's ignore file that is a link",
        ].includes(title)
      ) {
        await assert.rejects(imageUri(image(outside), confined), isRefused);
      }
    });
  }

  it("reads all of that where it is trusted", async () => {
    for (const title of [
      "requirements above",
      "a folder that is a link",
      "an ignore file above",
      "a uv project above",
      "a wheel that is a link",
      "a script that is a link",
    ]) {
      const { image, files, places } = outsideCases[title] ?? assert.fail(title);
      const { root, outside } = outsideFolders(files);
      truncateSync(join(outside, "big"), 0);
      assert.match(await imageUri(image(outside), { root, ...places }), /:[0-9a-f]{64}$/, title);
    }
  });

  it("reads what lies in any of the workspace's folders, also over links, with the name as if trusted", async () => {
    const { root, outside } = outsideFolders({
      "src/a": "1",
      "r.txt": "-r more.txt\n",
      "more.txt": "numpy\n",
      ".dockerignore": "x\n",
      "big@": "r.txt",
    });
    const image = base.withRequirements("r.txt").withSourceFolder("src").withSourceFile("big");
    assert.equal(
      await imageUri(image, { root, within: { folders: [root, outside] } }),
      await imageUri(image, { root }),
    );
    const link = join(dirname(root), "by-link");
    symlinkSync(root, link);
    assert.equal(
      await imageUri(base.withSourceFolder("src"), { root: link, within: { folders: [link] } }),
      await imageUri(base.withSourceFolder("src"), { root }),
    );
  });

  it("copies a link in a folder as a link, and follows none", async () => {
    const { root } = outsideFolders({ "src/a": "1", "src/big@": "big" });
    const begin = performance.now();
    await imageUri(base.withSourceFolder("src"), { root, within: { folders: [root] } });
    assert.ok(performance.now() - begin < 1000);
  });

  it("has its spec marked where it leads out, without a look at what is there", () => {
    const { root } = outsideFolders();
    const spec = readImageSpec(
      "from: { debianBase: { name: app } }\nlayers:\n  - requirements: ../outside/r.txt\n  - sourceFolder: ../outsid\n",
      "a.image.yaml",
    );
    const messages = placeProblems(spec, { root, within: { folders: [root] } }).map(
      ({ message, fixes }) => [message, fixes?.length ?? 0] as const,
    );
    assert.equal(messages.length, 2);
    for (const [message, fixes] of messages)
      assert.deepEqual([/is outside the workspace's folders/.test(message), fixes], [true, 0], message);
  });

  it("is proposed from what is no link out of it", async () => {
    const { root } = outsideFolders({
      "requirements.txt@": "r.txt",
      "pyproject.toml@": "pyproject.toml",
      "s.py@": "s.py",
      "Dockerfile@": "Dockerfile",
    });
    assert.deepEqual(
      (await proposeSpecs(root, undefined, { folders: [root] })).map(({ kind }) => kind),
      ["empty"],
    );
    assert.ok((await proposeSpecs(root, undefined)).length > 2);
  });

  it("is confined to whole names, and to nothing where there is no folder", () => {
    assert.equal(isConfined("/a/bc", { folders: ["/a/b"] }), false);
    assert.equal(isConfined("/a/b/..c", { folders: ["/a/b"] }), true);
    assert.equal(isConfined("/a/b", { folders: ["/a/b"] }), true);
    assert.equal(isConfined("/a/b/../c", { folders: ["/a/b"] }), false);
    assert.equal(isConfined("/a/b", { folders: [] }), false);
    assert.equal(isConfined("/a/b", undefined), true);
  });
});
