import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { placeDockerfile } from "../../../src/core/engine/classicDockerfile";
import { readDockerfile } from "../../../src/core/context/files/dockerfileSource";
import type { EngineJob } from "../../../src/core/engine/buildJob";
import { Image } from "../../../src/core/image/image";
import { plannedBuild } from "../../support/plannedBuild";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { archiveOf, entriesOf, withinMs } from "./support";

const outside = "CANARY-outside";

function failsWith(...codes: ErrorCode[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(ImageBuilderError.is(error), error instanceof Error ? error.stack : String(error));
    assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
    return true;
  };
}

describe("a pipe in a file's place", () => {
  let root: string;
  beforeEach(() => (root = temporaryFolder({ "src/a.txt": "a" })));
  after(removeTemporaryFolders);

  const pipe = (path: string): void =>
    void (rmSync(join(root, path), { force: true }), execFileSync("mkfifo", [join(root, path)]));
  const image = () => Image.fromBase("python:3.12").clone({ name: "app", extendable: true });

  const readers: readonly (readonly [what: string, path: string, read: () => Promise<unknown>, code: ErrorCode])[] = [
    ["a Dockerfile", "Dockerfile", () => readDockerfile(new BuildContext({ root }), {}), "dockerfileMissing"],
    [
      "an ignore file that is named",
      "ignore",
      () => archiveOf(new BuildContext({ root, dockerignoreFile: join(root, "ignore") })),
      "dockerignoreInvalid",
    ],
    [
      "a requirements file",
      "requirements.txt",
      () => plannedBuild(image().withRequirements("requirements.txt"), { root }),
      "imageFileMissing",
    ],
    [
      "a project",
      "pyproject.toml",
      () => plannedBuild(image().withUvProject("pyproject.toml"), { root }),
      "imageFileMissing",
    ],
    [
      "a source file",
      "source.py",
      () => plannedBuild(image().withSourceFile("source.py"), { root }),
      "imageFileMissing",
    ],
  ];
  for (const [what, path, read, code] of readers) {
    it(`is not waited for where ${what} is read`, async () => {
      pipe(path);
      await withinMs(5000, assert.rejects(read(), failsWith(code)));
    });
  }

  it("is not waited for where it was a file when it was hashed", async () => {
    const build = await plannedBuild(image().withSourceFolder("src"), { root });
    const context = new BuildContext({});
    context.addAll(build?.extraFiles ?? new Map());
    pipe("src/a.txt");
    // The tag stands for the file.
    await withinMs(5000, assert.rejects(archiveOf(context, { gzip: false }), failsWith("contextChanged")));
  });
});

describe("what an image spec copies", () => {
  after(removeTemporaryFolders);
  const spec = () => Image.fromBase("python:3.12").clone({ name: "app", extendable: true });

  it("is no module that a link leads to outside", async () => {
    const beside = temporaryFolder({ "keys.py": outside });
    const root = temporaryFolder({ "main.py": "import keys\n" });
    symlinkSync(join(beside, "keys.py"), join(root, "keys.py"));
    const image = spec().withCodeBundle();
    await assert.rejects(plannedBuild(image, { root }), (error) => {
      assert.match(
        String(error),
        new RegExp(
          'withCodeBundle: ".*keys\\.py" is a link to a path outside ".*"\\. ' +
            "Copy the file into the folder, or add it with withSourceFile\\.",
        ),
      );
      return failsWith("imageFileMissing")(error);
    });
  });

  it("is a module that a link leads to inside", async () => {
    const root = temporaryFolder({ "main.py": "import other\n", "lib/other.py": "x = 1\n" });
    symlinkSync("lib/other.py", join(root, "other.py"));
    const build = await plannedBuild(spec().withCodeBundle(), { root });
    assert.ok([...(build?.extraFiles.keys() ?? [])].some((path) => path.endsWith("other.py")));
  });

  for (const [what, swap] of [
    [
      "a link in its place",
      (root: string, beside: string) => (
        rmSync(join(root, "src/a.txt")),
        symlinkSync(join(beside, "a.txt"), join(root, "src/a.txt"))
      ),
    ],
    [
      "a link in its folder's place",
      (root: string, beside: string) => (
        renameSync(join(root, "src"), join(root, "away")),
        symlinkSync(beside, join(root, "src"))
      ),
    ],
  ] as const) {
    it(`is not read over ${what} that is put there later`, async () => {
      const beside = temporaryFolder({ "a.txt": outside });
      const root = temporaryFolder({ "src/a.txt": "a".repeat(outside.length) });
      const images = [
        spec().withSourceFile("src/a.txt"),
        spec().withSourceFolder("src"),
        spec().withRequirements("src/a.txt"),
      ];
      const builds = await Promise.all(images.map((image) => plannedBuild(image, { root })));
      swap(root, beside);
      for (const build of builds) {
        const context = new BuildContext({});
        context.addAll(build?.extraFiles ?? new Map());
        const tar = await archiveOf(context, { gzip: false }).catch(
          (error: unknown) => (failsWith("contextChanged")(error), Buffer.alloc(0)),
        );
        assert.ok(!tar.includes(outside));
      }
    });
  }
});

describe("what the classic builder is sent of an ignore file", () => {
  after(removeTemporaryFolders);

  const placed = async (root: string, dockerfile: string) => {
    const context = new BuildContext({ root, builder: "classic" });
    const job = { context, engineInfo: { product: "docker" } } as unknown as EngineJob;
    const { overlay } = await placeDockerfile(job, await readDockerfile(context, { dockerfile }));
    return overlay.get(".dockerignore")?.content.toString();
  };

  it("is what lies in the folder, also over a link that stays in it", async () => {
    const beside = temporaryFolder({ Dockerfile: "FROM scratch\n" });
    const root = temporaryFolder({ "config/ignore": "out\n", Dockerfile: "FROM scratch\n" });
    symlinkSync("config/ignore", join(root, ".dockerignore"));
    assert.match((await placed(root, join(beside, "Dockerfile"))) ?? "", /^out\n/);
  });

  it("is nothing that a link leads to outside", async () => {
    const beside = temporaryFolder({ ignore: `${outside}\nDockerfile\n`, Dockerfile: "FROM scratch\n" });
    const root = temporaryFolder({ Dockerfile: "FROM scratch\n" });
    symlinkSync(join(beside, "ignore"), join(root, ".dockerignore"));
    for (const dockerfile of [join(beside, "Dockerfile"), join(root, "Dockerfile")]) {
      assert.ok(!((await placed(root, dockerfile)) ?? "").includes(outside), dockerfile);
    }
  });
});

describe("a folder that is listed", () => {
  after(removeTemporaryFolders);

  it("must stay the one that was chosen", async () => {
    const root = temporaryFolder({ a: "inside" });
    const beside = temporaryFolder({ a: outside });
    const context = new BuildContext({ root });
    renameSync(root, `${root}-away`);
    symlinkSync(beside, root);
    await assert.rejects(
      entriesOf(context, "tree"),
      (error) => failsWith("contextChanged")(error) && String(error).includes(`"${root}"`),
    );
    rmSync(root);
    renameSync(`${root}-away`, root);
    assert.equal((await entriesOf(context, "tree")).length, 1);
  });

  it("may be a link, as long as that leads to the same folder", async () => {
    const [one, other] = [temporaryFolder({ a: "one" }), temporaryFolder({ a: outside })];
    const root = join(temporaryFolder(), "link");
    symlinkSync(one, root);
    const context = new BuildContext({ root });
    assert.ok((await archiveOf(context, { gzip: false })).includes("one"));
    rmSync(root);
    symlinkSync(other, root);
    await assert.rejects(archiveOf(context), failsWith("contextChanged"));
  });

  it("may be made after the context, and is kept from then on", async () => {
    const parent = temporaryFolder();
    const context = new BuildContext({ root: join(parent, "later") });
    await assert.rejects(archiveOf(context), failsWith("contextUnreadable"));
    renameSync(temporaryFolder({ a: "x" }), join(parent, "later"));
    assert.equal((await entriesOf(context, "tree")).length, 1);
    writeFileSync(join(parent, "later/b"), "y");
    assert.equal((await entriesOf(context, "tree")).length, 2);
  });
});
