import { mkdirSync, symlinkSync, truncateSync } from "node:fs";
import { dirname, join } from "node:path";
import { Image } from "../../../src/core/image/image";
import type { ImagePlaces } from "../../../src/core/image/resolve/resolve";
import { temporaryFolder, writeFiles } from "../../support/folder";

/** Image without layers of its own. */
export const base = Image.fromDebianBase({ installFlyte: false, name: "app" });

const pyproject = '[project]\nname = "a"\nversion = "1"\n';

/** Way in which an image leads out of a workspace. */
export interface OutsideCase {
  readonly image: (outside: string) => Image;
  /** In the workspace; those that end in "@" are links to a path, relative to the folder outside. */
  readonly files?: Readonly<Record<string, string>>;
  readonly places?: ImagePlaces;
}

/** Every way in which an image's definition or the files of a workspace lead out of it. */
export const outsideCases: Readonly<Record<string, OutsideCase>> = {
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

/** A workspace and, beside it, a folder with what it must not read: a file of 3 GB among it. */
export function outsideFolders(files: Readonly<Record<string, string>> = {}): {
  readonly root: string;
  readonly outside: string;
} {
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
