import assert from "node:assert/strict";
import {
  createReadStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { extract } from "tar-stream";
import type { BuildOutput } from "../../src/core/base/buildOptions";
import { ImageBuilderError } from "../../src/core/base/errors";
import { askDaemon, build, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { until } from "../support/until";

const tree = `FROM busybox:1.35 AS make
WORKDIR /out
RUN mkdir -p dir/deep empty && echo hello > dir/deep/file && chmod 4750 dir/deep/file \\
    && ln -s ../file dir/link && ln -s /etc/passwd absolute \\
    && ln dir/deep/file hard && : > zero && echo 1 > "ü 😀, name" && chmod 555 dir/deep \\
    && touch -d "2001-02-03 04:05:06" zero
FROM scratch
COPY --from=make /out /
`;

describe("a result that is exported", () => {
  let parent: string;
  beforeEach(() => (parent = temporaryFolder()));
  after(removeTemporaryFolders);

  async function exportTree(output: BuildOutput, dockerfile = tree) {
    const operation = recordingOperation();
    const imageName = `${uniqueName()}:1`;
    const result = await build({
      root: temporaryFolder({ Dockerfile: dockerfile }),
      imageName,
      options: { builder: "buildkit", output },
      operation,
    });
    return { operation, imageName, result };
  }

  it("to a folder has files, modes, times and links as they were built", async () => {
    const dest = join(parent, "new/out");
    const { operation, result } = await exportTree({ type: "local", dest });
    assert.deepEqual(readdirSync(dest).sort(), ["absolute", "dir", "empty", "hard", "zero", "ü 😀, name"].sort());
    assert.equal(readFileSync(join(dest, "dir/deep/file"), "utf8"), "hello\n");
    assert.equal(statSync(join(dest, "dir/deep/file")).mode & 0o7777, 0o4750);
    assert.equal(statSync(join(dest, "dir/deep")).mode & 0o7777, 0o555);
    assert.equal(readlinkSync(join(dest, "dir/link")), "../file");
    assert.equal(readlinkSync(join(dest, "absolute")), "/etc/passwd");
    assert.equal(readFileSync(join(dest, "hard"), "utf8"), "hello\n");
    assert.equal(statSync(join(dest, "zero")).mtime.toISOString(), "2001-02-03T04:05:06.000Z");
    assert.equal(statSync(join(dest, "zero")).size, 0);
    assert.deepEqual(readdirSync(join(parent, "new")), ["out"], "nothing is left beside it");
    assert.ok(operation.events.some((event) => event.kind === "message" && event.text === `Exported to ${dest}.`));
    assert.equal(result.imageId, undefined);
  });

  it("to a folder keeps what else is in it", async () => {
    mkdirSync(join(parent, "dir"));
    writeFileSync(join(parent, "dir/mine"), "mine");
    writeFileSync(join(parent, "zero"), "old");
    await exportTree({ type: "local", dest: parent });
    assert.equal(readFileSync(join(parent, "dir/mine"), "utf8"), "mine");
    assert.equal(readFileSync(join(parent, "zero"), "utf8"), "");
    assert.equal(readFileSync(join(parent, "dir/deep/file"), "utf8"), "hello\n");
  });

  it("to a folder replaces a link and does not follow it", async () => {
    const elsewhere = temporaryFolder({ file: "untouched" });
    symlinkSync(join(elsewhere, "file"), join(parent, "zero"));
    await exportTree({ type: "local", dest: parent });
    assert.ok(lstatSync(join(parent, "zero")).isFile());
    assert.equal(readFileSync(join(elsewhere, "file"), "utf8"), "untouched");
  });

  it("to a folder takes no folder away for a file, nor a link for a folder, and then changes nothing", async () => {
    const elsewhere = temporaryFolder();
    symlinkSync(elsewhere, join(parent, "dir"));
    await assert.rejects(
      exportTree({ type: "local", dest: parent }),
      (error) =>
        ImageBuilderError.is(error, "exportFailed") &&
        /dir" is not a folder, but the result has a folder by that name/.test(error.message),
    );
    assert.deepEqual(readdirSync(parent), ["dir"]);
    assert.deepEqual(readdirSync(elsewhere), []);
  });

  it("of many files arrives whole", async () => {
    const dockerfile =
      "FROM busybox:1.35 AS make\n" +
      "RUN mkdir /out && cd /out && for i in $(seq 3000); do echo $i > $i; done && " +
      "head -c 20000000 /dev/zero > large\nFROM scratch\nCOPY --from=make /out /\n";
    await exportTree({ type: "local", dest: parent }, dockerfile);
    assert.equal(readdirSync(parent).length, 3001);
    assert.equal(readFileSync(join(parent, "2999"), "utf8"), "2999\n");
    assert.equal(statSync(join(parent, "large")).size, 20_000_000);
  });

  it("to a tar holds the files", async () => {
    const dest = join(parent, "result.tar");
    writeFileSync(dest, "old");
    await exportTree({ type: "tar", dest });
    const names = await namesIn(dest);
    assert.ok(names.includes("dir/deep/file") && names.includes("ü 😀, name"), names.join());
    assert.deepEqual(readdirSync(parent), ["result.tar"]);
  });

  it("as an archive of docker save can be loaded under its name", async () => {
    const dest = join(parent, "image.tar");
    const { imageName } = await exportTree({ type: "docker", dest });
    const manifest = JSON.parse((await contentOf(dest, "manifest.json")) ?? "") as { RepoTags: string[] }[];
    assert.match(manifest[0]?.RepoTags.join() ?? "", new RegExp(`${imageName}$`));
  });

  it("as an OCI archive has a layout, or is refused by a daemon that cannot write one", async () => {
    const dest = join(parent, "image.tar");
    const { ApiVersion } = (await askDaemon("/version")) as { ApiVersion: string };
    if (Number(ApiVersion.split(".")[1]) < 44) {
      await assert.rejects(
        exportTree({ type: "oci", dest }),
        (error) =>
          ImageBuilderError.is(error, "optionInvalid") &&
          /can't export an archive of type "oci"\. Choose "docker"/.test(error.message),
      );
      assert.deepEqual(readdirSync(parent), []);
    } else {
      await exportTree({ type: "oci", dest });
      assert.match((await contentOf(dest, "oci-layout")) ?? "", /imageLayoutVersion/);
    }
  });

  for (const type of ["local", "tar", "docker"] as const) {
    it(`as ${type} is nowhere when the build fails or is cancelled`, async () => {
      const dest = join(parent, "result");
      await assert.rejects(exportTree({ type, dest }, "FROM busybox:1.35\nRUN exit 3\n"), (error) =>
        ImageBuilderError.is(error, "buildFailed"),
      );
      const cancel = new AbortController();
      const operation = recordingOperation(cancel.signal);
      const root = temporaryFolder({ Dockerfile: `FROM busybox:1.35\nRUN echo ${uniqueName()} && sleep 600\n` });
      const building = build({
        root,
        imageName: `${uniqueName()}:1`,
        options: { builder: "buildkit", output: { type, dest } },
        operation,
      });
      const ended = assert.rejects(building);
      await until(() => operation.events.some((event) => event.kind === "stepLog"), "the step runs");
      cancel.abort();
      await ended;
      assert.deepEqual(readdirSync(parent), []);
    });
  }

  it("is cancelled in the middle of its transfer without a trace", async () => {
    const cancel = new AbortController();
    const operation = recordingOperation(cancel.signal);
    const root = temporaryFolder({
      Dockerfile:
        "FROM busybox:1.35 AS make\nRUN head -c 700000000 /dev/zero > /large\nFROM scratch\n" +
        "COPY --from=make /large /\n",
    });
    const building = build({
      root,
      imageName: `${uniqueName()}:1`,
      options: { builder: "buildkit", output: { type: "tar", dest: join(parent, "result.tar") } },
      operation,
    });
    const ended = assert.rejects(building);
    await until(
      () => readdirSync(parent).some((name) => statSync(join(parent, name)).size > 1_000_000),
      "bytes arrive",
    );
    cancel.abort();
    await ended;
    assert.deepEqual(readdirSync(parent), []);
  });

  it("cannot be pushed", async () => {
    const options = { output: { type: "tar", dest: join(parent, "x.tar") } } as const;
    await assert.rejects(
      build({
        root: temporaryFolder({ Dockerfile: tree }),
        imageName: "localhost:1/x:1",
        registry: "localhost:1",
        options,
      }),
      (error) => ImageBuilderError.is(error, "optionInvalid") && /can't be pushed/.test(error.message),
    );
  });

  it("is refused at once where something of another kind is", async () => {
    writeFileSync(join(parent, "file"), "");
    await assert.rejects(exportTree({ type: "local", dest: join(parent, "file") }), /it is not a folder/);
    await assert.rejects(exportTree({ type: "tar", dest: parent }), /it is a folder/);
    await assert.rejects(exportTree({ type: "local", dest: join(parent, "file/below") }), (error) =>
      ImageBuilderError.is(error, "exportFailed"),
    );
    assert.ok(existsSync(join(parent, "file")));
  });
});

async function namesIn(file: string): Promise<string[]> {
  return [...(await entriesOf(file)).keys()];
}

async function contentOf(file: string, name: string): Promise<string | undefined> {
  return (await entriesOf(file)).get(name);
}

async function entriesOf(file: string): Promise<Map<string, string>> {
  const entries = new Map<string, string>();
  for await (const entry of createReadStream(file).pipe(extract())) entries.set(entry.header.name, await text(entry));
  return entries;
}
