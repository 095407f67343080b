import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { Image } from "../../../src/core/image/image";
import { plannedBuild } from "../../support/plannedBuild";
import { imageUri } from "../../../src/core/image/plan/imageUri";
import { recordingOperation } from "../../support/operation";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { imageProject } from "../../support/imageProject";

const start = Image.fromBase("busybox:1.35").clone({ name: "app", extendable: true });

async function filesOf(image: Image, root: string, log = recordingOperation().log): Promise<string[]> {
  const build = await plannedBuild(image, { root, log });
  return [...(build?.extraFiles.keys() ?? [])].filter((path) => path !== "Dockerfile").sort();
}

describe("what an image's build is given", () => {
  after(removeTemporaryFolders);

  it("is a project with its two files despite the ignore file, without caches and environments [F94]", async () => {
    const root = imageProject({
      ".dockerignore": "**/*.toml\n**/uv.lock\n**/notes\n",
      "proj/notes": "",
      "proj/.venv/bin/python": "",
      "proj/src/pkg/__pycache__/x.pyc": "",
    });
    const image = start.withUvProject("proj/pyproject.toml", { projectInstallMode: "install_project" });
    assert.deepEqual(await filesOf(image, root), [
      "proj/poetry.lock",
      "proj/pyproject.toml",
      "proj/src/pkg/__init__.py",
      "proj/uv.lock",
    ]);
  });

  it("is without what no image holds, which is said [F93]", async () => {
    const root = temporaryFolder({ "src/a.txt": "" });
    execFileSync("mkfifo", [join(root, "src/pipe")]);
    const operation = recordingOperation();
    assert.deepEqual(await filesOf(start.withSourceFolder("src"), root, operation.log), ["src/a.txt"]);
    assert.deepEqual(operation.logged, [`warn: The fifo "${join(root, "src/pipe")}" is not copied into the image.`]);
  });

  it("is what links lead to where they are named themselves, and the links where they are in a folder", async () => {
    const root = temporaryFolder({ "src/a.txt": "a" });
    symlinkSync("src", join(root, "folder"));
    symlinkSync("src/a.txt", join(root, "file"));
    symlinkSync("a.txt", join(root, "src/link"));
    assert.deepEqual(await filesOf(start.withSourceFolder("folder").withSourceFile("file"), root), [
      "file",
      "folder/a.txt",
      "folder/link",
    ]);
    const before = await start.withSourceFile("file").uri({ root });
    writeFiles(root, { "src/a.txt": "b" });
    assert.notEqual(await start.withSourceFile("file").uri({ root }), before);
  });

  it("tells names apart that only look the same", async () => {
    const [composed, decomposed] = ["\u00e9.txt", "e\u0301.txt"];
    const [one, other] = [temporaryFolder({ [`src/${composed}`]: "" }), temporaryFolder({ [`src/${decomposed}`]: "" })];
    assert.deepEqual(
      [await filesOf(start.withSourceFolder("src"), one), await filesOf(start.withSourceFolder("src"), other)],
      [[`src/${composed}`], [`src/${decomposed}`]],
    );
    assert.notEqual(
      await start.withSourceFolder("src").uri({ root: one }),
      await start.withSourceFolder("src").uri({ root: other }),
    );
  });

  it("listens to its signal once, however many large files are read", async () => {
    const root = temporaryFolder(
      Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`src/${i}`, "x".repeat(300_000)])),
    );
    const warnings: Error[] = [];
    const keep = (warning: Error): void => void warnings.push(warning);
    process.on("warning", keep);
    await imageUri(start.withSourceFolder("src"), { root }, new AbortController().signal);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", keep);
    assert.deepEqual(warnings, []);
  });

  const takers: readonly (readonly [title: string, image: Image])[] = [
    ["a folder", start.withSourceFolder("src")],
    ["a file", start.withSourceFile("src/weights")],
    ["a Dockerfile's folder", Image.fromDockerfile("src/Dockerfile", { registry: "localhost:5000", name: "app" })],
  ];
  for (const [title, image] of takers) {
    it(`is given up at once when its build is cancelled while a large file is read: ${title}`, async () => {
      const root = temporaryFolder({ "src/Dockerfile": "FROM busybox:1.35\n", "src/weights": "" });
      truncateSync(join(root, "src/weights"), 2 ** 40);
      for (const read of [
        (signal: AbortSignal) => plannedBuild(image, { root, signal }),
        (signal: AbortSignal) => imageUri(image, { root }, signal),
      ]) {
        const controller = new AbortController();
        setTimeout(() => controller.abort(new Error("enough")), 50);
        await assert.rejects(read(controller.signal), /^Error: enough$/);
      }
    });
  }
});
