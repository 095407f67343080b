import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildAndPush } from "../../src/core/jobs/buildAndPush";
import type { ErrorCode } from "../../src/core/base/errors";
import { coreOn, localBuilder, uniqueName } from "../support/engine";
import { assertFails } from "../support/faultBed";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { filesOfLastLayer } from "../support/imageFiles";
import { recordingOperation } from "../support/operation";

const listed = "1".repeat(300_000);

describe("a file that changes between being listed and being sent", () => {
  after(removeTemporaryFolders);

  /** Builds a folder with one file that is changed once the folder was looked at, which is what is sent. */
  async function build(change: (file: string) => void, imageName = `${uniqueName()}:1`): Promise<string> {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /\n", file: listed });
    const request = { root, imageName, builder: localBuilder, options: { builder: "buildkit" } } as const;
    await buildAndPush(request, coreOn(), {
      ...recordingOperation(),
      confirmUpload: async ({ review }) => {
        await review({});
        change(join(root, "file"));
      },
    });
    return imageName;
  }

  async function contentOf(imageName: string): Promise<number | undefined> {
    return (await filesOfLastLayer(imageName)).get("file")?.sizeBytes;
  }

  for (const more of [1, 200_000]) {
    it(`arrives whole when it has grown by ${more} bytes`, async () => {
      assert.equal(
        await contentOf(await build((file) => writeFileSync(file, `${listed}${"2".repeat(more)}`))),
        listed.length + more,
      );
    });
  }

  const changes: readonly (readonly [what: string, change: (file: string) => void, code: ErrorCode, words: RegExp])[] =
    [
      [
        "is shorter",
        (file) => truncateSync(file, 1000),
        "contextChanged",
        /^The file "file" is 299000 bytes shorter than when it was listed\. Build again/,
      ],
      [
        "has gone",
        (file) => rmSync(file),
        "contextChanged",
        /^The file "file" has been removed since it was listed\. Build again/,
      ],
      [
        "is a link",
        (file) => {
          rmSync(file);
          symlinkSync("/etc/passwd", file);
        },
        "contextChanged",
        /"file" has been replaced since it was listed/,
      ],
      [
        "is a pipe",
        (file) => {
          rmSync(file);
          execFileSync("mkfifo", [file]);
        },
        "contextChanged",
        /"file" (?:has been replaced since it was listed|is no longer a file)/,
      ],
      [
        "is a folder",
        (file) => {
          rmSync(file);
          mkdirSync(file);
        },
        "contextChanged",
        /"file" has been replaced since it was listed/,
      ],
    ];
  it("is told by us, however busy this thread is", async () => {
    for (let i = 0; i < 3; i++) {
      const building = assertFails(
        build((file) => rmSync(file)),
        "contextChanged",
        /has been removed since it was listed/,
      );
      const busy = setInterval(() => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150), 1);
      await building.finally(() => clearInterval(busy));
    }
  });

  for (const [what, change, code, words] of changes) {
    it(`fails the build when it ${what} by then`, () => assertFails(build(change), code, words));
  }
});
