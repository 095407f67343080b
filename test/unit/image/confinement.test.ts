import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, truncateSync } from "node:fs";
import { dirname, join } from "node:path";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { isConfined } from "../../../src/core/image/files/confinement";
import { Image } from "../../../src/core/image/image";
import { plannedPreview } from "../../support/plannedBuild";
import { imageUri } from "../../../src/core/image/plan/imageUri";
import { proposeSpecs } from "../../../src/core/image/propose/proposeSpecs";
import type { ImagePlaces } from "../../../src/core/image/resolve/resolve";
import { placeProblems } from "../../../src/core/image/spec/placeProblems";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";

const base = Image.fromDebianBase({ installFlyte: false, name: "app" });
const pyproject = '[project]\nname = "a"\nversion = "1"\n';

interface Case {
  readonly image: (outside: string) => Image;
  /** In the workspace; those that end in "@" are links to a path, relative to the folder outside. */
  readonly files?: Readonly<Record<string, string>>;
  readonly places?: ImagePlaces;
}

/** Every way in which an image's definition or the files of a workspace lead out of it. */
const cases: Readonly<Record<string, Case>> = {
  "requirements above": { image: () => base.withRequirements("../outside/r.txt") },
  "requirements by an absolute path": { image: (outside) => base.withRequirements(join(outside, "r.txt")) },
  "requirements that are a link": { image: () => base.withRequirements("r.txt"), files: { "r.txt@": "r.txt" } },
  "requirements that include others above": {
    image: () => base.withRequirements("r.txt"),
    files: { "r.txt": "-r ../outside/r.txt\n" },
  },
  "constraints that are a link": {
    image: () => base.withRequirements("r.txt"),
    files: { "r.txt": "-c c.txt\n", "c.txt@": "r.txt" },
  },
  "a folder above": { image: () => base.withSourceFolder("..") },
  "a folder beside": { image: () => base.withSourceFolder("../outside") },
  "a folder whose name begins like the workspace's": { image: () => base.withSourceFolder("../workspace-too") },
  "a folder that is a link": { image: () => base.withSourceFolder("src"), files: { "src@": "" } },
  "a folder in one that is a link": { image: () => base.withSourceFolder("up/outside"), files: { "up@": ".." } },
  "a file above": { image: () => base.withSourceFile("../outside/big") },
  "a file that is a link": { image: () => base.withSourceFile("big"), files: { "big@": "big" } },
  "an ignore file above": {
    image: () => base.withDockerignore("../outside/.dockerignore").withSourceFolder("src"),
    files: { "src/a": "" },
  },
  "an ignore file that is a link": {
    image: () => base.withSourceFolder("src"),
    files: { "src/a": "", ".dockerignore@": ".dockerignore" },
  },
  "a folder's ignore file that is a link": {
    image: () => base.withSourceFolder("src"),
    files: { "src/a": "", "src/.dockerignore@": ".dockerignore" },
  },
  "a uv project above": { image: () => base.withUvProject("../outside/pyproject.toml") },
  "a uv project that is a link": {
    image: () => base.withUvProject("pyproject.toml"),
    files: { "pyproject.toml@": "pyproject.toml" },
  },
  "a lock above": {
    image: () => base.withUvProject("pyproject.toml", { uvlock: "../outside/uv.lock" }),
    files: { "pyproject.toml": pyproject },
  },
  "a lock that is a link": {
    image: () => base.withUvProject("pyproject.toml"),
    files: { "pyproject.toml": pyproject, "uv.lock@": "uv.lock" },
  },
  "a source above": {
    image: () => base.withUvProject("pyproject.toml"),
    files: { "pyproject.toml": `${pyproject}dependencies = ["b"]\n[tool.uv.sources]\nb = { path = "../outside" }\n` },
  },
  "a locked source above": {
    image: () => base.withUvProject("pyproject.toml"),
    files: {
      "pyproject.toml": pyproject,
      "uv.lock": '[[package]]\nname = "b"\nsource = { editable = "../outside" }\n',
    },
  },
  "a Poetry project above": { image: () => base.withPoetryProject("../outside/pyproject.toml") },
  "a Poetry lock that is a link": {
    image: () => base.withPoetryProject("pyproject.toml"),
    files: { "pyproject.toml": pyproject, "poetry.lock@": "uv.lock" },
  },
  "a script above": { image: () => Image.fromUvScript("../outside/s.py", { name: "app" }) },
  "a script that is a link": { image: () => Image.fromUvScript("s.py", { name: "app" }), files: { "s.py@": "s.py" } },
  "a script's project above": {
    image: () => Image.fromUvScript("s.py", { name: "app" }),
    files: {
      "s.py": '# /// script\n# requires-python = ">=3.12"\n# dependencies = ["b @ file://../outside"]\n# ///\n',
    },
  },
  "wheels that are a link": { image: () => base.withLocalV2(), files: { "dist@": "dist" } },
  "a wheel that is a link": { image: () => base.withLocalV2(), files: { "dist/a.whl@": "dist/a.whl" } },
  "an imported module that is a link": {
    image: () => base.withCodeBundle(),
    files: { "main.py": "import other\n", "other.py@": "s.py" },
  },
  "an entry point above": { image: () => base.withCodeBundle(), places: { entrypoints: ["../outside/s.py"] } },
  "a Dockerfile above": {
    image: () => Image.fromDockerfile("../outside/Dockerfile", { registry: "r.example", name: "app" }),
  },
  "a Dockerfile that is a link": {
    image: () => Image.fromDockerfile("Dockerfile", { registry: "r.example", name: "app" }),
    files: { "Dockerfile@": "Dockerfile" },
  },
  "a Dockerfile in a folder that is a link": {
    image: () => Image.fromDockerfile("up/Dockerfile", { registry: "r.example", name: "app" }),
    files: { "up@": "" },
  },
};

describe("an image in a workspace that is not trusted", () => {
  after(removeTemporaryFolders);

  /** A workspace and, beside it, a folder with what it must not read: a file of 3 GB among it. */
  function folders(files: Readonly<Record<string, string>> = {}): { readonly root: string; readonly outside: string } {
    const script = '# /// script\n# requires-python = ">=3.12"\n# dependencies = []\n# ///\n';
    const parent = temporaryFolder({
      "workspace/.keep": "",
      "workspace-too/a": "",
      "outside/r.txt": "numpy\n",
      "outside/big": "",
      "outside/.dockerignore": "big\n",
      "outside/pyproject.toml": pyproject,
      "outside/uv.lock": "",
      "outside/poetry.lock": "",
      "outside/s.py": script,
      "outside/dist/a.whl": "",
      "outside/Dockerfile": "FROM busybox\n",
    });
    const [root, outside] = [join(parent, "workspace"), join(parent, "outside")];
    truncateSync(join(outside, "big"), 3 * 2 ** 30);
    for (const [path, content] of Object.entries(files)) {
      if (!path.endsWith("@")) writeFiles(root, { [path]: content });
      else {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        symlinkSync(join(outside, content), join(root, path.slice(0, -1)));
      }
    }
    return { root, outside };
  }

  const isRefused = (error: unknown): boolean =>
    ImageBuilderError.is(error, "workspaceUntrusted") && /is outside the workspace's folders/.test(error.message);

  for (const [title, { image, files, places }] of Object.entries(cases)) {
    it(`does not reach ${title}, nor tells whether it is there`, async () => {
      const { root, outside } = folders(files);
      const begin = performance.now();
      const confined = { root, ...places, within: { folders: [root] } };
      await assert.rejects(imageUri(image(outside), confined), isRefused);
      await assert.rejects(plannedPreview(image(outside), confined), isRefused);
      assert.ok(performance.now() - begin < 1000, "3 GB were not read");
      rmSync(outside, { recursive: true });
      // A lock that is only looked for beside its project, and modules that are only looked for, are as good as absent
      // then.
      if (
        ![
          "a lock that is a link",
          "an imported module that is a link",
          "an ignore file that is a link",
          "a folder's ignore file that is a link",
        ].includes(title)
      ) {
        await assert.rejects(imageUri(image(outside), confined), isRefused);
      }
    });
  }

  it("reads all of that where it is trusted", async () => {
    for (const title of [
      "requirements above",
      "a folder that is a link",
      "an ignore file above",
      "a uv project above",
      "a wheel that is a link",
      "a script that is a link",
    ]) {
      const { image, files, places } = cases[title] ?? assert.fail(title);
      const { root, outside } = folders(files);
      truncateSync(join(outside, "big"), 0);
      assert.match(await imageUri(image(outside), { root, ...places }), /:[0-9a-f]{64}$/, title);
    }
  });

  it("reads what lies in any of the workspace's folders, also over links, with the name as if trusted", async () => {
    const { root, outside } = folders({
      "src/a": "1",
      "r.txt": "-r more.txt\n",
      "more.txt": "numpy\n",
      ".dockerignore": "x\n",
      "big@": "r.txt",
    });
    const image = base.withRequirements("r.txt").withSourceFolder("src").withSourceFile("big");
    assert.equal(
      await imageUri(image, { root, within: { folders: [root, outside] } }),
      await imageUri(image, { root }),
    );
    const link = join(dirname(root), "by-link");
    symlinkSync(root, link);
    assert.equal(
      await imageUri(base.withSourceFolder("src"), { root: link, within: { folders: [link] } }),
      await imageUri(base.withSourceFolder("src"), { root }),
    );
  });

  it("copies a link in a folder as a link, and follows none", async () => {
    const { root } = folders({ "src/a": "1", "src/big@": "big" });
    const begin = performance.now();
    await imageUri(base.withSourceFolder("src"), { root, within: { folders: [root] } });
    assert.ok(performance.now() - begin < 1000);
  });

  it("has its spec marked where it leads out, without a look at what is there", () => {
    const { root } = folders();
    const spec = readImageSpec(
      "from: { debianBase: { name: app } }\nlayers:\n  - requirements: ../outside/r.txt\n  - sourceFolder: ../outsid\n",
      "a.image.yaml",
    );
    const messages = placeProblems(spec, { root, within: { folders: [root] } }).map(
      ({ message, fixes }) => [message, fixes?.length ?? 0] as const,
    );
    assert.equal(messages.length, 2);
    for (const [message, fixes] of messages)
      assert.deepEqual([/is outside the workspace's folders/.test(message), fixes], [true, 0], message);
  });

  it("is proposed from what is no link out of it", async () => {
    const { root } = folders({
      "requirements.txt@": "r.txt",
      "pyproject.toml@": "pyproject.toml",
      "s.py@": "s.py",
      "Dockerfile@": "Dockerfile",
    });
    assert.deepEqual(
      (await proposeSpecs(root, undefined, { folders: [root] })).map(({ kind }) => kind),
      ["empty"],
    );
    assert.ok((await proposeSpecs(root, undefined)).length > 2);
  });

  it("is confined to whole names, and to nothing where there is no folder", () => {
    assert.equal(isConfined("/a/bc", { folders: ["/a/b"] }), false);
    assert.equal(isConfined("/a/b/..c", { folders: ["/a/b"] }), true);
    assert.equal(isConfined("/a/b", { folders: ["/a/b"] }), true);
    assert.equal(isConfined("/a/b/../c", { folders: ["/a/b"] }), false);
    assert.equal(isConfined("/a/b", { folders: [] }), false);
    assert.equal(isConfined("/a/b", undefined), true);
  });
});
