import assert from "node:assert/strict";
import { renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Upload } from "../../../src/core/context/review/upload";
import { ImageBuilderError } from "../../../src/core/base/errors";
import type { CalledSession, Copied } from "../../support/scriptedDaemon";
import { secret, startHostileDaemons, type HostileDaemons } from "./hostileDaemons";

describe("a hostile daemon", () => {
  let world: HostileDaemons;
  before(async () => void (world = await startHostileDaemons()));
  after(() => world.stop());
  beforeEach(() => world.reset());

  describe("that asks for files", () => {
    const files = { "src/a.txt": "copied", "private/key": secret, ".env": secret };
    const dockerfile = "FROM scratch\nCOPY src /src\n";

    const foreign: readonly (readonly [what: string, dirName: string, followPaths: readonly string[]])[] = [
      ["the folder of the system", "/", []],
      ["another name of a folder", "root", []],
      ["not a folder", "", []],
      ["a folder beside", "context/../..", []],
      ["an absolute path", "context", ["/etc/passwd"]],
      ["a path that leads out", "context", ["../outside"]],
      ["a path that leads out in its midst", "context", ["src/../../outside"]],
      ["a path with a zero", "context", ["src\0"]],
    ];
    for (const place of ["socket", "tcp"] as const) {
      for (const [what, dirName, followPaths] of foreign) {
        it(`is refused ${what} (${place})`, async () => {
          const { result, failure, logged, daemon } = await world.attacked({ dockerfile, files, place }, (session) =>
            session.copy({
              dirName,
              followPaths: followPaths.map((path) => encodeURIComponent(path)),
              metadata: { "followpaths-encoded": "1" },
            }),
          );
          assert.deepEqual(result?.files ?? [], []);
          assert.ok(ImageBuilderError.is(failure, "requestRefused"), String(failure));
          assert.match(
            logged,
            /warn: The daemon requested the (folder|path) .*, which is not part of this build\. It was not sent\./,
          );
          assert.equal(daemon.countOf(secret), 0);
        });
      }
    }

    const greedy: readonly (readonly [what: string, followPaths: readonly string[]])[] = [
      ["everything", []],
      ["a file that is not copied", [".env"]],
      ["a folder that is not copied, too", ["src", "private"]],
      ["what a wildcard means", ["*"]],
      ["the root", ["."]],
    ];
    for (const [what, followPaths] of greedy) {
      const copying = async (session: CalledSession): Promise<Copied> => {
        const copied = await session.copy({ dirName: "context", followPaths });
        if (copied.failure) throw new Error(copied.failure);
        return copied;
      };

      it(`elsewhere gets nothing when it asks for ${what} and nobody can be asked`, async () => {
        const { failure, daemon, logged } = await world.attacked({ dockerfile, files, place: "tcp" }, copying);
        assert.ok(ImageBuilderError.is(failure, "requestRefused"), String(failure));
        assert.match(
          failure.message,
          /^The remote daemon requested ".*" from the build context, which .* doesn't copy\. It was not sent\./,
        );
        assert.match(
          logged,
          /warn: The daemon requested ".*" from the build context, which the Dockerfile doesn't copy\./,
        );
        assert.equal(daemon.countOf(secret), 0);
      });

      it(`elsewhere gets it when it asks for ${what} and somebody agrees to the whole`, async () => {
        const uploads: { readonly wantsKey: boolean; readonly files: number }[] = [];
        const confirm = async ({ isRequested, review }: Upload): Promise<void> =>
          void uploads.push({ wantsKey: isRequested("private/key"), files: (await review({})).files });
        const { failure, daemon } = await world.attacked({ dockerfile, files, place: "tcp", confirm }, copying);
        assert.equal(failure, undefined);
        assert.deepEqual(uploads, [
          { wantsKey: false, files: 1 },
          { wantsKey: true, files: 4 },
        ]);
        assert.ok(daemon.countOf(secret) > 0);
      });

      it(`elsewhere gets nothing when it asks for ${what} and somebody does not agree to the whole`, async () => {
        let questions = 0;
        const confirm = async (): Promise<void> => {
          if (++questions > 1) throw new Error("no");
        };
        const { failure, daemon } = await world.attacked({ dockerfile, files, place: "tcp", confirm }, copying);
        assert.ok(failure instanceof Error, "the build fails");
        assert.equal(questions, 2);
        assert.equal(daemon.countOf(secret), 0);
      });
    }

    const widened: readonly (readonly [what: string, dockerfile: string, change: (root: string) => void])[] = [
      [
        "the folder that is copied is a link now",
        "FROM scratch\nCOPY src /src\n",
        (root) => (renameSync(join(root, "src"), join(root, "away")), symlinkSync("away", join(root, "src"))),
      ],
      [
        "a link lies where a wildcard looks",
        "FROM scratch\nCOPY src/*.txt /src/\n",
        (root) => symlinkSync("a.txt", join(root, "src/link")),
      ],
      [
        "a folder above is gone",
        "FROM scratch\nCOPY src/*.txt /src/\n",
        (root) => (renameSync(join(root, "src"), join(root, "away")), writeFileSync(join(root, "src"), "")),
      ],
      [
        "a link lies where a variable may lead",
        "FROM scratch\nARG TARGETARCH\nCOPY src/a${TARGETARCH} /src/\n",
        (root) => symlinkSync("a.txt", join(root, "src/a-link")),
      ],
    ];
    for (const [what, copies, change] of widened) {
      it(`elsewhere gets nothing more than what was looked at when ${what} since the question`, async () => {
        let questions = 0;
        const confirm = async ({ review }: Upload): Promise<void> => {
          if (++questions > 1) throw new Error("no");
          await review({});
          change(world.roots.at(-1) ?? "");
        };
        const { daemon } = await world.attacked({ dockerfile: copies, files, place: "tcp", confirm }, (session) =>
          session.copy({ dirName: "context", followPaths: [] }),
        );
        assert.equal(daemon.countOf(secret), 0);
        assert.equal(questions, 2);
      });
    }

    it("elsewhere gets what the Dockerfile copies, without a question", async () => {
      const { result, failure } = await world.attacked({ dockerfile, files, place: "tcp" }, (session) =>
        session.copy({ dirName: "context", followPaths: ["src"] }),
      );
      assert.equal(failure, undefined);
      assert.deepEqual(
        result?.files.map(({ path, bytes }) => [path, bytes.toString()]),
        [
          ["src", ""],
          ["src/a.txt", "copied"],
        ],
      );
    });

    it("elsewhere is told of no ignore file when it asks for that as Docker 20.10 does", async () => {
      const { result, failure } = await world.attacked(
        { dockerfile, files: { ...files, ".dockerignore": `${secret}\n` }, place: "tcp" },
        (session) => session.copy({ dirName: "context", followPaths: [".dockerignore"] }),
      );
      assert.equal(failure, undefined);
      assert.deepEqual(result, { files: [], failure: "" });
    });

    const requests: readonly (readonly [what: string, ids: readonly number[]])[] = [
      ["a file that was not listed", [99]],
      ["a file with a number beyond all", [2 ** 32 - 1]],
      ["the same file again and again", Array.from({ length: 100_000 }, () => 1)],
    ];
    for (const [what, ids] of requests) {
      it(`is refused ${what}`, async () => {
        const { failure } = await world.attacked({ dockerfile, files }, (session) =>
          session.copy({ dirName: "context", ids: () => ids }),
        );
        assert.ok(ImageBuilderError.is(failure, "requestRefused"), String(failure));
        assert.match(failure.message, /^The daemon requested file number \d+ \(unknown or already sent\)/);
      });
    }
  });
});
