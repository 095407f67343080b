import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { ProgressEvent } from "../../src/core/operation/progressEvent";
import { build, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { filesOfLastLayer } from "../support/imageFiles";
import { recordingOperation } from "../support/operation";

const hash = (content: Buffer | string): string => createHash("sha256").update(content).digest("hex");

/** Type, mode and content of everything in a folder, by path. */
function contentOf(root: string): Map<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" });
  return new Map(
    paths.sort().map((path) => {
      const file = join(root, path);
      const stats = lstatSync(file);
      const what = stats.isDirectory()
        ? "directory"
        : stats.isSymbolicLink()
          ? `symlink ${readlinkSync(file)}`
          : `file ${hash(readFileSync(file))}`;
      return [path, stats.isSymbolicLink() ? what : `${(stats.mode & 0o777).toString(8)} ${what}`];
    }),
  );
}

async function contentOfImage(imageName: string): Promise<Map<string, string>> {
  const files = [...(await filesOfLastLayer(imageName))].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    files.map(([path, { type, mode, link, content }]) => [
      path,
      type === "symlink"
        ? `symlink ${link}`
        : `${(mode & 0o777).toString(8)} ${type === "directory" ? type : `file ${content}`}`,
    ]),
  );
}

describe("the image of a folder that was built before", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  const hourAgo = new Date(Date.now() - 3_600_000);
  const changes: readonly (readonly [what: string, change: (root: string) => void])[] = [
    ["nothing", () => undefined],
    ["a touched file", (root) => utimesSync(join(root, "a/x"), new Date(), new Date())],
    ["a file with other content of the same size", (root) => writeFileSync(join(root, "a/x"), "X")],
    [
      "a file that was written while the clock went wrong",
      (root) => {
        writeFileSync(join(root, "a/x"), "Y");
        utimesSync(join(root, "a/x"), hourAgo, hourAgo);
      },
    ],
    ["a renamed file", (root) => renameSync(join(root, "a/x"), join(root, "a/y"))],
    [
      "two files that changed places",
      (root) => {
        renameSync(join(root, "a/x"), join(root, "t"));
        renameSync(join(root, "b/x"), join(root, "a/x"));
        renameSync(join(root, "t"), join(root, "b/x"));
      },
    ],
    ["a renamed directory", (root) => renameSync(join(root, "a"), join(root, "c"))],
    [
      "two directories that changed places",
      (root) => {
        renameSync(join(root, "a"), join(root, "t"));
        renameSync(join(root, "b"), join(root, "a"));
        renameSync(join(root, "t"), join(root, "b"));
      },
    ],
    [
      "a directory in the place of a file",
      (root) => {
        rmSync(join(root, "a/x"));
        mkdirSync(join(root, "a/x"));
        writeFileSync(join(root, "a/x/z"), "z");
      },
    ],
    [
      "a file in the place of a directory",
      (root) => {
        rmSync(join(root, "b"), { recursive: true });
        writeFileSync(join(root, "b"), "b");
      },
    ],
    [
      "a link in the place of a file",
      (root) => {
        rmSync(join(root, "a/x"));
        symlinkSync("../b/x", join(root, "a/x"));
      },
    ],
    ["another mode", (root) => chmodSync(join(root, "a/x"), 0o755)],
    [
      "a new directory of an old name",
      (root) => {
        rmSync(join(root, "a"), { recursive: true });
        mkdirSync(join(root, "a"));
        writeFileSync(join(root, "a/new"), "new");
      },
    ],
  ];
  for (const [what, change] of changes) {
    it(`has what is there after ${what}`, async () => {
      const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /\n", "a/x": "1", "b/x": "2" });
      for (const path of ["a/x", "b/x"]) chmodSync(join(root, path), 0o644);
      // Files of equal size and time are equal to BuildKit, whoever tells it of them.
      utimesSync(join(root, "b/x"), new Date(0), new Date(0));
      const imageName = `${uniqueName()}:1`;
      await build({ root, imageName, options: { builder: "buildkit" } });
      change(root);
      await build({ root, imageName, options: { builder: "buildkit" } });
      assert.deepEqual(await contentOfImage(imageName), contentOf(root));
    });
  }

  it("has the old or the new content of a file that is edited during the build, and then the new one", async () => {
    const root = temporaryFolder({
      Dockerfile: "FROM scratch\nCOPY . /\n",
      ...Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`f${i}`, "1".repeat(4096)])),
    });
    const imageName = `${uniqueName()}:1`;
    const operation = recordingOperation();
    let edits = 0;
    const report = (event: ProgressEvent): void => {
      operation.report(event);
      if (event.kind === "imageBuilt") return;
      // At once, as editors save: half a file would be an error, and rightly.
      const edited = join(temporaryFolder({ edited: "2".repeat(4096) }), "edited");
      chmodSync(edited, 0o644);
      renameSync(edited, join(root, `f${edits++ % 200}`));
    };
    await build({ root, imageName, options: { builder: "buildkit" }, operation: { ...operation, report } });
    assert.ok(edits > 0, "nothing was edited");
    const whole = new Set([hash("1".repeat(4096)), hash("2".repeat(4096))]);
    for (const [path, { type, content }] of await filesOfLastLayer(imageName))
      assert.ok(type !== "file" || path === "Dockerfile" || whole.has(content), `${path} is neither old nor new`);
    await build({ root, imageName, options: { builder: "buildkit" } });
    assert.deepEqual(await contentOfImage(imageName), contentOf(root));
  });
});
