import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { buildAndPush } from "../../../src/core/jobs/buildAndPush";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { coreOn, engineAt, localBuilder } from "../../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { ScriptedDaemon, type Copied, type Script } from "../../support/scriptedDaemon";

const outside = "CANARY-these-bytes-lie-outside-it.";

/**
 * What is done to the folder, and the path that the failure names; `keep` is a folder beside it with the canary under
 * every name.
 */
interface Swap {
  readonly what: string;
  readonly names: string;
  readonly swap: (root: string, keep: string) => void;
}

const swaps: readonly Swap[] = [
  {
    what: "a folder for a link",
    names: '"a/b/file"',
    swap: (root, keep) => (
      renameSync(join(root, "a/b"), join(root, "a/away")),
      symlinkSync(join(keep, "a/b"), join(root, "a/b"))
    ),
  },
  {
    what: "a folder above for a link",
    names: '"a/b/file"',
    swap: (root, keep) => (
      renameSync(join(root, "a"), join(root, "away")),
      symlinkSync(join(keep, "a"), join(root, "a"))
    ),
  },
  {
    what: "a folder for a link to one that stays in the root",
    names: '"a/b/file"',
    swap: (root) => (renameSync(join(root, "a/b"), join(root, "away")), symlinkSync("../kept-out", join(root, "a/b"))),
  },
  {
    what: "the root for a link",
    names: '"a/b/file"',
    swap: (root, keep) => (renameSync(root, `${root}-away`), symlinkSync(keep, root)),
  },
  {
    what: "the root for a folder",
    names: '"a/b/file"',
    swap: (root, keep) => (renameSync(root, `${root}-away`), renameSync(keep, root)),
  },
  {
    what: "a file for a link",
    names: '"a/b/file"',
    swap: (root, keep) => (rmSync(join(root, "a/b/file")), symlinkSync(join(keep, "a/b/file"), join(root, "a/b/file"))),
  },
  {
    what: "a file for another name of one outside",
    names: '"a/b/file"',
    swap: (root, keep) => (rmSync(join(root, "a/b/file")), linkSync(join(keep, "a/b/file"), join(root, "a/b/file"))),
  },
  {
    what: "a folder for one from outside",
    names: '"a/b/file"',
    swap: (root, keep) => (
      renameSync(join(root, "a/b"), join(root, "a/away")),
      renameSync(join(keep, "a/b"), join(root, "a/b"))
    ),
  },
  {
    what: "a file for a pipe",
    names: '"a/b/file"',
    swap: (root) => (rmSync(join(root, "a/b/file")), execFileSync("mkfifo", [join(root, "a/b/file")])),
  },
  {
    what: "a file for a device",
    names: '"a/b/file"',
    swap: (root) => (rmSync(join(root, "a/b/file")), execFileSync("mknod", [join(root, "a/b/file"), "c", "1", "5"])),
  },
  {
    what: "a file for a folder",
    names: '"a/b/file"',
    swap: (root) => (rmSync(join(root, "a/b/file")), mkdirSync(join(root, "a/b/file"))),
  },
];

describe("a folder that is changed while the question about it is open", () => {
  let root: string;
  let keep: string;
  let copied: Copied[];
  let daemon: ScriptedDaemon;

  const copying: Script = async (session) => {
    copied.push(await session.copy({ dirName: "context" }));
    if (copied[0]?.failure) throw new Error(copied[0].failure);
  };

  before(async () => (daemon = await ScriptedDaemon.start("socket", copying)));
  beforeEach(() => {
    root = temporaryFolder({
      Dockerfile: "FROM scratch\nCOPY . /\n",
      "a/b/file": "inside",
      "a/b/other": "inside",
      "kept-out/file": outside,
      ".dockerignore": "kept-out\n",
    });
    keep = temporaryFolder({ "a/b/file": outside, "a/b/other": outside, Dockerfile: outside });
    copied = [];
    daemon.received = [];
    daemon.script = copying;
  });
  afterEach(() => rmSync(`${root}-away`, { recursive: true, force: true }));
  after(async () => {
    await daemon.stop();
    removeTemporaryFolders();
  });

  const build = (whileAsked: () => void) =>
    buildAndPush(
      { root, imageName: "app:1", builder: localBuilder, options: {} },
      coreOn(engineAt(daemon.dockerHost)),
      {
        ...recordingOperation(),
        confirmUpload: async ({ review }) => {
          await review({});
          whileAsked();
        },
      },
    );

  it("is sent as it was looked at", async () => {
    await build(() => {});
    assert.deepEqual(
      copied.map(({ files, failure }) => [failure, files.map(({ path, bytes }) => [path, bytes.toString()])]),
      [
        [
          "",
          [
            [".dockerignore", "kept-out\n"],
            ["Dockerfile", "FROM scratch\nCOPY . /\n"],
            ["a", ""],
            ["a/b", ""],
            ["a/b/file", "inside"],
            ["a/b/other", "inside"],
          ],
        ],
      ],
    );
  });

  for (const { what, names, swap } of swaps) {
    it(`sends no byte from outside: ${what}`, async () => {
      await assert.rejects(
        build(() => swap(root, keep)),
        (error) => {
          assert.ok(ImageBuilderError.is(error, "contextChanged"), String(error));
          assert.ok(
            error.message.includes(names) || /"(Dockerfile|\.dockerignore)"/.test(error.message),
            error.message,
          );
          return true;
        },
      );
      assert.equal(daemon.countOf(outside), 0);
    });
  }

  const classicBuild = (whileAsked: () => void) =>
    buildAndPush(
      { root, imageName: "app:1", builder: localBuilder, options: { builder: "classic" } },
      coreOn(engineAt(daemon.dockerHost)),
      {
        ...recordingOperation(),
        confirmUpload: async ({ review }) => {
          await review({});
          whileAsked();
        },
      },
    );

  it("is sent as it was looked at by the classic builder, without what has come since", async () => {
    daemon.script = async (_session, request) => void (await buffer(request));
    await classicBuild(() => writeFileSync(join(root, "a/new"), outside));
    assert.equal(daemon.countOf(outside), 0);
    assert.ok(daemon.countOf("inside") >= 2);
  });

  for (const { what, swap } of swaps) {
    it(`sends no byte from outside by the classic builder: ${what}`, async () => {
      daemon.script = async (_session, request) => void (await buffer(request));
      await assert.rejects(
        classicBuild(() => swap(root, keep)),
        (error) => ImageBuilderError.is(error, "contextChanged"),
      );
      assert.equal(daemon.countOf(outside), 0);
    });
  }

  it("takes a file that an editor has put in the old one's place, as editors save", async () => {
    writeFileSync(join(root, "kept-out/.new"), "inside and more");
    await build(() => renameSync(join(root, "kept-out/.new"), join(root, "a/b/file")));
    assert.equal(copied[0]?.files.find(({ path }) => path === "a/b/file")?.bytes.toString(), "inside and more");
  });

  it("keeps a file that was written to, whole", async () => {
    await build(() => writeFileSync(join(root, "a/b/file"), "inside and more"));
    assert.equal(copied[0]?.files.find(({ path }) => path === "a/b/file")?.bytes.toString(), "inside and more");
  });
});
