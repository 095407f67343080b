import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Image } from "../../../src/core/image/image";
import { plannedBuild } from "../../support/plannedBuild";
import { imageUri } from "../../../src/core/image/plan/imageUri";
import { silentLog } from "../../../src/core/base/log";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { imageProject } from "../../support/imageProject";
import { pathWith, withEnvironment, writeProgram } from "../../support/program";

const start = Image.fromBase("python:3.12-slim").clone({ name: "app", extendable: true });
const files = {
  ".dockerignore": "**/.git\nDockerfile\n.dockerignore\n",
  Dockerfile: "FROM busybox\nCOPY . /\n",
  "run.sh": "#!/bin/sh\n",
  "notes.txt": "x\n",
  "main.py": "print(1)\n",
  "bin/odd näme #1.sh": "#!/bin/sh\n",
  "bin/plain": "x\n",
};
const executable = ["run.sh", "bin/odd näme #1.sh"];

const images: readonly (readonly [what: string, image: Image])[] = [
  ["a folder", start.withSourceFolder(".", { copyContentsOnly: true })],
  ["a folder below the repository's top", start.withSourceFolder("bin")],
  ["files", start.withSourceFile(["run.sh", "notes.txt"])],
  ["a code bundle", start.withCodeBundle({ copyStyle: "all" })],
  ["a Dockerfile", Image.fromDockerfile("Dockerfile", { registry: "example.com", name: "app" })],
];

const windows = (image: Image, root: string): Promise<string> => imageUri(image, { root, hostPlatform: "win32" });
const linux = (image: Image, root: string): Promise<string> => imageUri(image, { root, hostPlatform: "linux" });

/** What a checkout on Windows has of modes: nothing. */
function forgetModes(root: string): void {
  for (const path of executable) chmodSync(join(root, path), 0o644);
}

/** The modes of a build's files. */
async function modesOf(root: string, warnings: string[] = []): Promise<Record<string, number | undefined>> {
  const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
  const build = await plannedBuild(start.withSourceFolder(".", { copyContentsOnly: true }), {
    root,
    hostPlatform: "win32",
    log,
  });
  const copied = [...(build?.extraFiles ?? [])].filter(([path]) => path !== "Dockerfile");
  return Object.fromEntries(copied.map(([path, file]) => [path.split("/").slice(3).join("/"), file.mode]));
}

const plain = Object.fromEntries(["bin/plain", "main.py", "notes.txt", ...executable].map((path) => [path, 0o644]));
const marked = { ...plain, ...Object.fromEntries(executable.map((path) => [path, 0o755])) };

describe("what may be executed in an image that is defined on Windows", () => {
  after(removeTemporaryFolders);

  describe("by a real Git", () => {
    const git = (root: string, ...args: string[]): string =>
      execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" });

    function repository(): string {
      const root = temporaryFolder(files);
      for (const path of executable) chmodSync(join(root, path), 0o755);
      git(root, "init", "-q");
      git(root, "add", ".");
      return root;
    }

    for (const [what, image] of images) {
      it(`comes from the index, so that the tag is that of Linux: ${what}`, async () => {
        const root = repository();
        const tag = await linux(image, root);
        forgetModes(root);
        assert.equal(await windows(image, root), tag);
        if (what !== "files") return;
        git(root, "update-index", "--chmod=-x", "run.sh");
        assert.notEqual(await windows(image, root), tag);
      });
    }

    it("is built as it was hashed", async () => {
      const root = repository();
      forgetModes(root);
      assert.deepEqual(await modesOf(root), marked);
    });

    it("comes from the index of the nearest repository, and of a worktree", async () => {
      const root = repository();
      git(root, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "a");
      const worktree = join(temporaryFolder(), "tree");
      git(root, "worktree", "add", "-q", worktree);
      const tag = await linux(start.withSourceFolder(".", { copyContentsOnly: true }), worktree);
      forgetModes(worktree);
      assert.equal(await windows(start.withSourceFolder(".", { copyContentsOnly: true }), worktree), tag);

      writeFiles(root, { "inner/run.sh": "#!/bin/sh\n" });
      const inner = join(root, "inner");
      chmodSync(join(inner, "run.sh"), 0o755);
      git(inner, "init", "-q");
      git(inner, "add", ".");
      const before = await linux(start.withSourceFolder("inner"), root);
      chmodSync(join(inner, "run.sh"), 0o644);
      assert.equal(await windows(start.withSourceFolder("inner"), root), before);
    });

    it("is not: a file that Git does not track", async () => {
      const root = repository();
      const before = await windows(start.withSourceFile("new.sh"), writeNew(root, 0o644));
      assert.equal(await windows(start.withSourceFile("new.sh"), writeNew(root, 0o755)), before);
      assert.equal(await linux(start.withSourceFile("new.sh"), writeNew(root, 0o644)), before);
    });

    it("does not come from another repository that the environment names", async () => {
      const root = repository();
      const other = temporaryFolder();
      git(other, "init", "-q");
      const variables = {
        GIT_DIR: join(other, ".git"),
        GIT_INDEX_FILE: join(other, ".git/index"),
        GIT_WORK_TREE: other,
      };
      assert.deepEqual(await withEnvironment(variables, () => modesOf(root)), marked);
    });

    it("runs no program that the repository names", async () => {
      const root = repository();
      const seen = join(temporaryFolder(), "seen");
      writeFiles(root, { ".git/watch": `#!/bin/sh\necho >> "${seen}"\n` });
      chmodSync(join(root, ".git/watch"), 0o755);
      git(root, "config", "core.fsmonitor", join(root, ".git/watch"));
      await modesOf(root);
      assert.equal(existsSync(seen), false);
      // Git would have run it.
      git(root, "status");
      assert.equal(existsSync(seen), true);
    });
  });

  describe("by what Git lists", () => {
    /** What Git 2.47 has written for the files. */
    const list = [
      "100644 de2f5ee5f2ee4d5c9e0e5aca6d2a7a3e76f1a6a2 0\tDockerfile",
      "100755 1a2485251c33a70432394c93fb89330ef214bfc9 0\tbin/odd näme #1.sh",
      "100644 587be6b4c3f93f93c489c0111bba5596147a26cb 0\tbin/plain",
      "100644 f1a18139c84a82addbab1a7b5738628cd9d4ec0a 0\tmain.py",
      "120000 de2f5ee5f2ee4d5c9e0e5aca6d2a7a3e76f1a6a3 0\tlink",
      "160000 de2f5ee5f2ee4d5c9e0e5aca6d2a7a3e76f1a6a4 0\tsub",
      "100644 587be6b4c3f93f93c489c0111bba5596147a26cb 0\tnotes.txt",
      "100755 1a2485251c33a70432394c93fb89330ef214bfc9 0\trun.sh",
    ];
    const writes = (text: string): string => `process.stdout.write(${JSON.stringify(text)});`;

    /** A folder that looks like a repository, and one with a program for Git. */
    function places(code: string): { readonly root: string; readonly path: string } {
      const root = temporaryFolder(files);
      mkdirSync(join(root, ".git"));
      const bin = temporaryFolder();
      writeProgram(bin, "git", code);
      return { root, path: pathWith(bin) };
    }

    it("comes from its list, which is asked for once", async function () {
      const calls = join(temporaryFolder(), "calls");
      const said = 'process.argv.slice(2).join(" ") + "\\n"';
      const record = `require("node:fs").appendFileSync(${JSON.stringify(calls)}, ${said});`;
      const { root, path } = places(record + writes(`${list.join("\0")}\0`));
      const warnings: string[] = [];
      assert.deepEqual([await withEnvironment({ PATH: path }, () => modesOf(root, warnings)), warnings], [marked, []]);
      const { readFileSync } = await import("node:fs");
      assert.equal(readFileSync(calls, "utf8"), "-c core.fsmonitor=false ls-files --stage -z\n");
    });

    for (const [what, code] of [
      ["fails", 'console.error("fatal: detected dubious ownership"); process.exit(128);'],
      [
        "lists without end",
        'const text = "100755 1 0\\ta\\0".repeat(1e5); ' +
          "const go = (error) => error || process.stdout.write(text, go); go();",
      ],
    ] as const) {
      it(`is nothing where Git ${what}, which the build says`, async () => {
        const { root, path } = places(code);
        const warnings: string[] = [];
        assert.deepEqual(await withEnvironment({ PATH: path }, () => modesOf(root, warnings)), plain);
        assert.deepEqual(warnings, [
          `Git didn't list the files of "${root}", so they aren't executable in the image. ` +
            'Check that "git ls-files --stage" works there.',
        ]);
      });
    }

    it("is nothing without Git, which the build says", async () => {
      const { root } = places("");
      const warnings: string[] = [];
      assert.deepEqual(await withEnvironment({ PATH: temporaryFolder() }, () => modesOf(root, warnings)), plain);
      assert.equal(warnings.length, 1);
    });

    it("is nothing outside of a repository, and without Git in a workspace that is not trusted", async () => {
      const seen = join(temporaryFolder(), "seen");
      const { root, path } = places(
        `require("node:fs").writeFileSync(${JSON.stringify(seen)}, "");${writes(`${list.join("\0")}\0`)}`,
      );
      const outside = temporaryFolder(files);
      await withEnvironment({ PATH: path }, async () => {
        for (const [what, image] of images) {
          const confined = await imageUri(image, { root, within: { folders: [root] }, hostPlatform: "win32" });
          assert.equal(confined, await windows(image, outside), what);
          assert.equal(existsSync(seen), false, what);
          if (process.platform !== "win32") assert.equal(await linux(image, outside), confined, what);
        }
        await windows(start.withSourceFolder(".", { copyContentsOnly: true }), root);
        assert.equal(existsSync(seen), true);
      });
    });
  });

  it("gives one tag on every machine", async () => {
    const image = start
      .withRequirements("requirements.txt")
      .withUvProject("proj/pyproject.toml", { projectInstallMode: "install_project" })
      .withPoetryProject("proj/pyproject.toml")
      .withLocalV2()
      .withSourceFolder("proj")
      .withSourceFile("a.txt");
    const places = { root: imageProject() };
    assert.equal(await imageUri(image, places), "app:d023793a164e701ab9324431ba81ec2dc8a9221c98c63faa5a5edf44b5a59ef6");
    const byFile = Image.fromDockerfile("Dockerfile", { registry: "example.com", name: "app" });
    assert.equal(
      await imageUri(byFile, { root: temporaryFolder(files) }),
      "example.com/app:7e46008cf25b338e16ff86466027974871cfa5b27d9ca1cf6f1ffc9309014b50",
    );
  });
});

function writeNew(root: string, mode: number): string {
  writeFiles(root, { "new.sh": "#!/bin/sh\n" });
  chmodSync(join(root, "new.sh"), mode);
  return root;
}
