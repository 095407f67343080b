import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildAndPush } from "../../../src/core/jobs/buildAndPush";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { coreOn, engineAt, localBuilder } from "../../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { ScriptedDaemon, type Copied } from "../../support/scriptedDaemon";

const files = { "package.json": "{}", "src/a.ts": "a", "src/deep/b.ts": "b", "data/db/x": "x", "data/y": "y" };

interface Asked {
  readonly sent: readonly string[];
  readonly failure: string;
  readonly logged: readonly string[];
  readonly reviews: number;
  readonly error?: unknown;
}

describe("a daemon that asks for parts of a context", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  /** Builds a folder on a daemon that asks for these paths, all of it for none. */
  async function ask(root: string, followPaths: readonly string[], place: "socket" | "tcp" = "socket"): Promise<Asked> {
    let copied: Copied | undefined;
    const daemon = await ScriptedDaemon.start(place, async (session) => {
      copied = await session.copy({ dirName: "context", followPaths });
      if (copied.failure) throw new Error(copied.failure);
    });
    let reviews = 0;
    const operation = {
      ...recordingOperation(),
      confirmUpload: async ({ review }: { readonly review: (options: object) => Promise<unknown> }): Promise<void> => {
        reviews++;
        await review({});
      },
    };
    try {
      const request = { root, imageName: "app:1", builder: localBuilder, options: {} };
      const error: unknown = await buildAndPush(request, coreOn(engineAt(daemon.dockerHost)), operation).then(
        () => undefined,
        (failed: unknown) => failed,
      );
      const sent = copied?.files.map(({ path }) => path) ?? [];
      return { sent, failure: copied?.failure ?? "", logged: operation.logged, reviews, error };
    } finally {
      await daemon.stop();
    }
  }

  function folder(dockerfile = "FROM scratch\nCOPY package.json src /\n"): string {
    return temporaryFolder({ ...files, Dockerfile: dockerfile, ".dockerignore": "" });
  }

  /** Puts names into a folder that no daemon can be told. */
  function addBrokenNames(root: string, below: string): void {
    mkdirSync(join(root, below), { recursive: true });
    writeFileSync(Buffer.concat([Buffer.from(join(root, below, "caf")), Buffer.from([0xe9])]), "");
    symlinkSync(Buffer.from([0x61, 0xe9]), join(root, below, "odd link"));
  }

  it("gets them, and nothing else", async () => {
    const { sent, error } = await ask(folder(), ["package.json", "src"]);
    assert.equal(error, undefined);
    assert.deepEqual(sent, ["package.json", "src", "src/a.ts", "src/deep", "src/deep/b.ts"]);
  });

  it("gets them whatever is wrong elsewhere", async () => {
    const root = folder();
    addBrokenNames(root, "data/db");
    const { sent, error, logged } = await ask(root, ["package.json", "src"]);
    assert.equal(error, undefined);
    assert.deepEqual(sent, ["package.json", "src", "src/a.ts", "src/deep", "src/deep/b.ts"]);
    assert.deepEqual(
      logged.filter((line) => line.includes("Skipped in")),
      [],
    );
  });

  it("gets them by a wildcard whatever is wrong beside, of which the log has a line", async () => {
    const root = folder("FROM scratch\nCOPY */a.ts /\n");
    addBrokenNames(root, "data/db");
    const { sent, error, logged } = await ask(root, ["*/a.ts"]);
    assert.equal(error, undefined);
    assert.ok(sent.includes("src/a.ts"));
    assert.deepEqual(
      logged.filter((line) => line.includes("Skipped in")),
      [
        "info: Skipped in the build context, because the build doesn't request it: " +
          '"data/db/caf\ufffd" (its name is not valid UTF-8), "data/db/odd link" (the target of the link is not ' +
          "valid UTF-8).",
      ],
    );
  });

  it("fails with a sentence about what it asks for and cannot get", async () => {
    const root = folder("FROM scratch\nCOPY src /\n");
    addBrokenNames(root, "src/deep");
    const { error, failure } = await ask(root, ["src"]);
    assert.ok(ImageBuilderError.is(error, "contextUnreadable"), String(error));
    assert.match(error.message, /^The name "caf\\xe9" in the folder ".*\/src\/deep" .* is not valid UTF-8\. Rename it/);
    assert.equal(failure, error.message);
  });

  it("gets more than the Dockerfile tells, as a base image's triggers may ask, if it is on this machine", async () => {
    const root = folder();
    addBrokenNames(root, "other");
    const { sent, error, reviews } = await ask(root, ["package.json", "data/db"]);
    assert.equal(error, undefined);
    assert.deepEqual([sent, reviews], [["data", "data/db", "data/db/x", "package.json"], 1]);
    assert.ok(ImageBuilderError.is((await ask(root, ["other"])).error, "contextUnreadable"));
    assert.ok(ImageBuilderError.is((await ask(root, [])).error, "contextUnreadable"));
  });

  it("gets more than the Dockerfile tells only after a second look at the whole, if it is elsewhere", async () => {
    const { sent, error, reviews } = await ask(folder(), ["package.json", "data/db"], "tcp");
    assert.equal(error, undefined);
    assert.deepEqual([sent, reviews], [["data", "data/db", "data/db/x", "package.json"], 2]);
  });

  it("gets the target of a link that it asks for, and nothing else", async () => {
    const root = folder("FROM scratch\nCOPY link/db /\n");
    symlinkSync("data", join(root, "link"));
    symlinkSync("loop", join(root, "data/db/loop"));
    symlinkSync("nowhere", join(root, "data/db/broken"));
    for (const place of ["socket", "tcp"] as const) {
      const { sent, error, reviews } = await ask(root, ["link/db"], place);
      assert.equal(error, undefined);
      assert.deepEqual(sent, ["data", "data/db", "data/db/broken", "data/db/loop", "data/db/x", "link"]);
      assert.equal(reviews, 1);
    }
  });
});
