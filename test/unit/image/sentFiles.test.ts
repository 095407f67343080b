import assert from "node:assert/strict";
import {
  chmodSync,
  closeSync,
  openSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type { ServerHttp2Stream } from "node:http2";
import { join } from "node:path";
import { Writable } from "node:stream";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { silentLog } from "../../../src/core/base/log";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import type { ContextEntry } from "../../../src/core/context/files/contextEntry";
import { readDockerfile } from "../../../src/core/context/files/dockerfileSource";
import { PathScope } from "../../../src/core/context/files/pathScope";
import { Image } from "../../../src/core/image/image";
import { imageBuild } from "../../../src/core/image/plan/imageBuild";
import { planImage } from "../../../src/core/image/plan/planImage";
import { FileSender } from "../../../src/core/session/fileSender";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";

const isChanged = (error: unknown): boolean =>
  ImageBuilderError.is(error, "contextChanged") &&
  error.message.endsWith("Build again when the folder is no longer changing.");

const files = {
  "src/Dockerfile": "FROM scratch\nCOPY . /\n",
  "src/a.txt": "content 1",
  "src/b/c.txt": "2",
  "src/large.bin": "x".repeat(3 * 2 ** 20),
};
const images = {
  "by its layers": Image.fromBase("busybox:1.35").clone({ name: "app", extendable: true }).withSourceFolder("src"),
  "by a Dockerfile": Image.fromDockerfile("src/Dockerfile", { name: "app", registry: "localhost:5000" }),
} as const;

/** Writes other bytes over a file's and sets its time back, as its owner may. */
function forge(file: string, content: string): void {
  const { atime, mtime } = statSync(file);
  const fd = openSync(file, "r+");
  writeSync(fd, content);
  closeSync(fd);
  utimesSync(file, atime, mtime);
}

async function listed(context: BuildContext, scope?: PathScope): Promise<ContextEntry[]> {
  const entries: ContextEntry[] = [];
  for await (const batch of context.entries({ scope })) entries.push(...batch);
  return entries;
}

/** @param during runs once the first bytes are out */
async function archived(context: BuildContext, during: () => void = () => undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (chunks.push(chunk) === 1) during();
      done();
    },
  });
  await context.writeArchive(output, { gzip: false });
  return Buffer.concat(chunks);
}

/** Sends a file as BuildKit asks for it. */
async function sent(entry: ContextEntry): Promise<Buffer> {
  const parts: Buffer[] = [];
  const stream = new Writable({
    // Memory is used again once it is written.
    write: (bytes: Buffer, _encoding, done) => {
      parts.push(Buffer.from(bytes));
      done();
    },
  });
  const sender = new FileSender(stream as unknown as ServerHttp2Stream);
  sender.add(entry);
  sender.request(0);
  sender.end();
  await sender.run();
  return Buffer.concat(parts);
}

describe("what is sent for an image", () => {
  let root: string;
  beforeEach(() => {
    root = temporaryFolder(files);
    // Fractions of a second could not be set back.
    for (const file of Object.keys(files)) utimesSync(join(root, file), 1_700_000_000, 1_700_000_000);
  });
  after(removeTemporaryFolders);

  async function contextOf(image: Image): Promise<BuildContext> {
    const build = (await imageBuild(await planImage(image, { root }), { root })) ?? assert.fail();
    const { dockerfile } = build.options;
    const context = new BuildContext({ root: build.root, dockerfile, hashed: build.hashed });
    context.addAll(build.extraFiles);
    return BuildContext.from(structuredClone(context.describe() ?? assert.fail()), silentLog);
  }

  for (const [how, image] of Object.entries(images))
    describe(how, () => {
      const pathIn = (entries: readonly ContextEntry[], end: string): ContextEntry =>
        entries.find(({ path }) => path.endsWith(end)) ?? assert.fail(end);

      it("is what was hashed, all of it", async () => {
        const context = await contextOf(image);
        const entries = await listed(context);
        for (const name of ["a.txt", "b/c.txt", "large.bin"]) pathIn(entries, name);
        assert.ok((await archived(context)).includes("content 1"));
        assert.ok((await sent(pathIn(entries, "a.txt"))).includes("content 1"));
      });

      const changes: Readonly<Record<string, () => void>> = {
        "has other bytes, as many, of the same time": () => forge(join(root, "src/a.txt"), "content 2"),
        "is another file of the same size and time": () => {
          const file = join(root, "src/a.txt");
          const { atime, mtime } = statSync(file);
          writeFiles(root, { other: "content 2" });
          utimesSync(join(root, "other"), atime, mtime);
          renameSync(join(root, "other"), file);
        },
        "is longer": () => writeFiles(root, { "src/a.txt": "content 1 and more" }),
        "is a link": () => {
          renameSync(join(root, "src/a.txt"), join(root, "src/moved"));
          symlinkSync("moved", join(root, "src/a.txt"));
        },
        "may be executed": () => chmodSync(join(root, "src/b/c.txt"), 0o755),
        "has gone": () => unlinkSync(join(root, "src/b/c.txt")),
        "has gone with its folder": () => renameSync(join(root, "src/b"), join(root, "b")),
      };
      for (const [what, change] of Object.entries(changes))
        it(`is refused where a file ${what}`, async () => {
          const context = await contextOf(image);
          change();
          await assert.rejects(listed(context), isChanged);
          await assert.rejects(archived(context), isChanged);
        });

      it("is refused where a link leads elsewhere", async () => {
        symlinkSync("a.txt", join(root, "src/link"));
        const context = await contextOf(image);
        await listed(context);
        unlinkSync(join(root, "src/link"));
        symlinkSync("b", join(root, "src/link"));
        await assert.rejects(listed(context), isChanged);
      });

      it("is refused where a file changes while it is read, though it is put back", async () => {
        const context = await contextOf(image);
        const large = join(root, "src/large.bin");
        await assert.rejects(
          archived(context, () => forge(large, "y".repeat(3 * 2 ** 20))),
          isChanged,
        );
        forge(large, "x".repeat(3 * 2 ** 20));

        const entry = pathIn(await listed(await contextOf(image)), "large.bin");
        forge(large, "x".repeat(2 ** 20) + "y");
        await assert.rejects(sent(entry), isChanged);
        forge(large, "x".repeat(2 ** 20) + "x");
        assert.ok((await sent(entry)).length > 3 * 2 ** 20);
        writeFileSync(large, "x", { flag: "a" });
        await assert.rejects(sent(entry), isChanged);
      });

      it("does not hold what has come since", async () => {
        const context = await contextOf(image);
        writeFiles(root, { "src/new.txt": "new", "src/b/new/deep.txt": "new" });
        assert.ok((await listed(context)).every(({ path }) => !path.includes("new")));
      });

      it("has another time where its bytes are others, which a daemon would take for those of before", async () => {
        const entry = async (): Promise<ContextEntry> => pathIn(await listed(await contextOf(image)), "a.txt");
        const before = await entry();
        assert.equal((await entry()).mtimeMs, before.mtimeMs);
        forge(join(root, "src/a.txt"), "content 2");
        const after = await entry();
        assert.deepEqual([after.sizeBytes, Math.floor(after.mtimeMs / 1000)], [9, Math.floor(before.mtimeMs / 1000)]);
        assert.notEqual(after.mtimeMs, before.mtimeMs);
      });
    });

  it("is listed in parts, and refused where one has gone", async () => {
    const context = await contextOf(images["by a Dockerfile"]);
    unlinkSync(join(root, "src/b/c.txt"));
    const part = await listed(context, new PathScope(["a.txt"]));
    assert.deepEqual(
      part.map(({ path }) => path),
      ["a.txt"],
    );
    await assert.rejects(listed(context, new PathScope(["b"])), isChanged);
  });

  it("holds the Dockerfile that was hashed, also where a link leads to it", async () => {
    const context = await contextOf(images["by a Dockerfile"]);
    const options = { dockerfile: join(root, "src/Dockerfile") };
    assert.equal((await readDockerfile(context, options)).text, files["src/Dockerfile"]);
    writeFiles(root, { "src/Dockerfile": "FROM evil\nCOPY . /\n" });
    await assert.rejects(readDockerfile(context, options), isChanged);

    renameSync(join(root, "src/Dockerfile"), join(root, "src/Dockerfile.real"));
    symlinkSync("Dockerfile.real", join(root, "src/Dockerfile"));
    assert.ok((await listed(await contextOf(images["by a Dockerfile"]))).some(({ path }) => path === "Dockerfile"));
  });

  it("may lie in a folder that a link leads to", async () => {
    const links = temporaryFolder();
    symlinkSync(root, join(links, "way"));
    root = join(links, "way");
    for (const image of Object.values(images))
      assert.ok((await archived(await contextOf(image))).includes("content 1"));
  });
});
