import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { buildOnce } from "../../../scripts/setup/buildOnce.mjs";
import { root } from "../../../scripts/setup/paths.mjs";
import { shippedFiles } from "../../../scripts/setup/shippedFiles.mjs";
import { SetUpError } from "../../../scripts/setup/setUpError.mjs";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";

describe("what is built", () => {
  const name = `test-${process.pid}`;
  after(() => {
    removeTemporaryFolders();
    rmSync(join(root, "dist/.built", `${name}.json`), { force: true });
  });

  it("is not built again until a source changes or another program has written in its place", async () => {
    const folder = temporaryFolder({ "src/a.ts": "1", "out/other": "" });
    const inRepository = (path: string): string => relative(root, join(folder, path));
    let builds = 0;
    const build = (): Promise<boolean> =>
      buildOnce(name, { from: [inRepository("src")], to: [inRepository("out/a.js")] }, async () =>
        writeFileSync(join(folder, "out/a.js"), `${++builds}`),
      );
    assert.deepEqual([await build(), await build()], [true, false]);
    writeFiles(folder, { "src/a.ts": "2" });
    assert.deepEqual([await build(), await build()], [true, false]);
    writeFiles(folder, { "src/deep/b.ts": "" });
    assert.deepEqual([await build(), await build()], [true, false]);
    writeFiles(folder, { "out/a.js": "by hand" });
    assert.deepEqual([await build(), await build()], [true, false]);
    rmSync(join(folder, "out/a.js"));
    assert.deepEqual([await build(), await build()], [true, false]);
    assert.equal(builds, 5);
  });

  it("is built again after a failure", async () => {
    const folder = temporaryFolder({ "src/a.ts": "1" });
    const files = { from: [relative(root, join(folder, "src"))], to: [relative(root, join(folder, "a.js"))] };
    await assert.rejects(
      buildOnce(name, files, () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.equal(await buildOnce(name, files, async () => writeFileSync(join(folder, "a.js"), "")), true);
  });
});

describe("the package", () => {
  const bundles = [
    "ThirdPartyNotices.txt",
    "awsThread.js",
    "core.js",
    "extension-A1B2C3D4.js",
    "extension.js",
    "googleAuth.js",
    "image.schema.json",
    "imageModule.js",
    "imageModuleHooks.mjs",
    "report.css",
    "report.js",
    "thread.js",
    "treemap.css",
    "treemap.js",
  ];
  const bundled = (): string =>
    temporaryFolder(
      Object.fromEntries([...bundles, "extension.js.map", "image-builders.vsix"].map((file) => [file, ""])),
    );
  after(removeTemporaryFolders);

  it("holds what users need, and nothing that is for contributors", async () => {
    const names = [...(await shippedFiles(bundled())).keys()];
    assert.deepEqual(
      names.filter((each) => !/^(dist|media|l10n)\//.test(each)),
      ["CHANGELOG.md", "LICENSE", "README.md", "package.json", "package.nls.json"],
    );
    for (const bundle of bundles) assert.ok(names.includes(`dist/${bundle}`), bundle);
    assert.deepEqual(
      names.filter((each) => /\.(map|vsix|ts)$|^\.|(^|\/)(test|scripts|src|node_modules|samples)\//.test(each)),
      [],
    );
  });

  it("is not made where a file that is shipped is missing", async () => {
    const dist = temporaryFolder();
    mkdirSync(join(dist, "thread.js"));
    await assert.rejects(
      shippedFiles(dist),
      (error) =>
        error instanceof SetUpError &&
        /The line "!dist\/\w+\.\w+" of \.vscodeignore matches no file/.test(error.message),
    );
  });
});
