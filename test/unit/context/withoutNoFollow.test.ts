import assert from "node:assert/strict";
import fs, {
  closeSync,
  constants,
  existsSync,
  readSync,
  realpathSync,
  renameSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { ImageBuilderError, messageOf } from "../../../src/core/base/errors";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { openListed } from "../../../src/core/context/files/listedFile";
import { openInPlace, readFileWithin, readRegularFile } from "../../../src/core/context/files/readRegularFile";
import { readPathTree } from "../../../src/core/context/tree/readPathTree";
import { namesIn } from "../../../src/core/image/files/confinedFiles";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { swappedBefore } from "../../support/swapAt";
import { withoutNoFollow } from "../../support/withoutNoFollow";

const textOf = (fd: number | undefined): string => {
  if (fd === undefined) return "no file";
  const buffer = Buffer.alloc(64);
  try {
    return buffer.toString("utf8", 0, readSync(fd, buffer, 0, 64, null));
  } finally {
    closeSync(fd);
  }
};

/** Ways of reading a file or folder of a workspace; each returns all that it has learned. */
const reads: Readonly<Record<string, (root: string) => Promise<string>>> = {
  "a file by its real path": (root) =>
    Promise.resolve(String(readRegularFile(join(root, "sub/file"), openInPlace)?.bytes ?? "no file")),
  "a file in a folder": (root) =>
    Promise.resolve(String(readFileWithin(root, join(root, "sub/file"))?.bytes ?? "no file")),
  "a listed file": async (root) => {
    let text = "";
    for await (const batch of new BuildContext({ root }).entries())
      for (const entry of batch)
        if (entry.path === "sub/file") text += textOf(openListed(entry, join(root, entry.path)));
    return text;
  },
  "a listed file that an editor has saved": async (root) => {
    let text = "";
    for await (const batch of new BuildContext({ root }).entries())
      for (const entry of batch)
        if (entry.path === "sub/file") text += textOf(openListed({ ...entry, ino: 1 }, join(root, entry.path)));
    return text;
  },
  "the names in a folder": (root) => Promise.resolve(namesIn(join(root, "sub"), { folders: [root] }).join(" ")),
  "the tree of a folder": async (root) => {
    const { tree } = await readPathTree(root);
    return [...tree.ids()].map((id) => tree.pathOf(id)).join(" ");
  },
};

describe("where no flag keeps a link from being opened", () => {
  after(removeTemporaryFolders);

  it("a link is opened, so that what follows tests something", async () => {
    const root = temporaryFolder({ file: "text" });
    symlinkSync("file", join(root, "link"));
    const open = (): number => fs.openSync(join(root, "link"), constants.O_RDONLY | constants.O_NOFOLLOW);
    assert.throws(open, { code: "ELOOP" });
    assert.equal(textOf(await withoutNoFollow(() => Promise.resolve(open()))), "text");
  });

  for (const [title, read] of Object.entries(reads))
    for (const swapped of ["sub/file", "sub"])
      it(`${title} is the one that was checked, if ${swapped} becomes a link`, async () => {
        const parent = realpathSync.native(
          temporaryFolder({ "workspace/sub/file": "own", "outside/sub/file": "canary", "outside/sub/canary": "" }),
        );
        const [place, kept] = [join(parent, "workspace", swapped), join(parent, "kept")];
        const learned: string[] = [];
        let calls = 0;
        // The first round swaps nothing, and counts the calls.
        for (let call = -1; call < calls; call++) {
          const seen = await withoutNoFollow(() =>
            swappedBefore(call, {
              swap: () => {
                renameSync(place, kept);
                symlinkSync(join(parent, "outside", swapped), place);
              },
              work: async () => {
                try {
                  learned.push(await read(join(parent, "workspace")));
                } catch (error) {
                  if (!ImageBuilderError.is(error) && !("code" in Object(error))) throw error;
                  learned.push(messageOf(error));
                }
              },
            }),
          );
          if (existsSync(kept)) {
            unlinkSync(place);
            renameSync(kept, place);
          }
          calls = Math.max(calls, seen.calls);
        }
        assert.ok(calls > 2, `${calls} calls`);
        assert.ok(learned.some((text) => /own|file/.test(text)));
        assert.doesNotMatch(learned.join("\n"), /canary/);
      });
});
