import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { temporaryFolder, writeFiles } from "../../support/folder";

/** A workspace, with what is beside it. */
export interface HostilePlace {
  readonly root: string;
  readonly outside: string;
}

/** Way in which a spec's text or its folder leads somewhere that it should not. */
export interface HostileCase {
  /** Lines of the spec's layers, or a whole `from`. */
  readonly layers: (place: HostilePlace) => readonly string[];
  readonly from?: string;
  readonly make?: (place: HostilePlace) => void;
  /** What a workspace that isn't trusted is told, as a pattern; a tag is `ok`. */
  readonly restricted: RegExp;
  /** What a trusted one is told before anything is allowed. */
  readonly trusted: RegExp;
}

const refused = /^workspaceUntrusted/;
const asked = /^sourceNotConfirmed/;
const missing = /^imageFileMissing/;
const file = (path: string): string => `sourceFile: ${JSON.stringify(path)}`;
const folder = (path: string): string => `sourceFolder: ${JSON.stringify(path)}`;
const requirements = (path: string): string => `requirements: ${JSON.stringify(path)}`;

function outsideBy(...layers: readonly string[]): HostileCase {
  return { layers: () => layers, restricted: refused, trusted: asked };
}

function absent(...layers: readonly string[]): HostileCase {
  return { layers: () => layers, restricted: missing, trusted: missing };
}

function linked(target: (place: HostilePlace) => string, layer = file("link")): HostileCase {
  return {
    layers: () => [layer],
    make: (place) => symlinkSync(target(place), join(place.root, "link")),
    restricted: refused,
    trusted: asked,
  };
}

/** Makes links `link0` to `link<count>`, each of which leads to the next, and the last to a path. */
function chain(root: string, count: number, target: string): void {
  for (let i = 0; i < count; i++)
    symlinkSync(i === count - 1 ? target : `link${i + 1}`, join(root, i === 0 ? "link" : `link${i}`));
}

/** Specs and folders of hostile authors. */
export const hostileCases: Readonly<Record<string, HostileCase>> = {
  "a path with ..": outsideBy(file("../outside/r.txt")),
  "a path with ./.. and doubled slashes": outsideBy(file(".//./..//outside/./r.txt")),
  "a path through a folder and back": outsideBy(file("sub/../../outside/r.txt")),
  "a path through a folder that isn't there, and back": outsideBy(file("gone/../../outside/r.txt")),
  "a path with a slash at its end": outsideBy(folder("../outside/")),
  "an absolute path": { ...outsideBy(), layers: ({ outside }) => [file(join(outside, "r.txt"))] },
  "an absolute path back into the workspace": {
    layers: ({ root }) => [file(join(root, "../workspace/own.txt"))],
    restricted: /^ok/,
    trusted: /^ok/,
  },
  "the folder above": outsideBy(folder("..")),
  "the root of the file system": outsideBy(folder("/")),
  "the workspace itself as a file": absent(file(".")),
  "the workspace itself by its name as a file": absent(file("../workspace")),
  backslashes: absent(file("..\\outside\\r.txt")),
  "a UNC path": absent(file("\\\\server\\share\\r.txt")),
  "a path with two slashes at its start": outsideBy(file("//server/share/r.txt")),
  "a home folder": absent(file("~/.ssh/id_rsa")),
  "a variable": absent(requirements("${HOME}/r.txt")),
  "a file URL": absent(file("file:///etc/passwd")),
  "percent signs": absent(file("%2e%2e/outside/r.txt")),
  "full-width dots": absent(file("\uff0e\uff0e/outside/r.txt")),
  "dots with a zero-width space": absent(file(".\u200b./outside/r.txt")),
  "a name in another case": absent(file("OWN.TXT")),
  "a name in another Unicode form": {
    ...absent(file("e\u0301.txt")),
    make: ({ root }) => writeFileSync(join(root, "\u00e9.txt"), ""),
  },
  "a null character": {
    layers: () => ['sourceFile: "own.txt\\0../../outside/r.txt"'],
    restricted: /^imageFileMissing|^imageInvalid/,
    trusted: /^imageFileMissing|^imageInvalid/,
  },
  "a name of 5,000 characters": absent(file("a".repeat(5000))),
  "/proc/self/environ": outsideBy(file("/proc/self/environ")),
  "/proc/self/root": { ...outsideBy(), layers: ({ outside }) => [file(`/proc/self/root${outside}/r.txt`)] },
  "/proc/self/cwd": outsideBy(file("/proc/self/cwd/package.json")),
  "/dev/zero": outsideBy(file("/dev/zero")),
  "/dev/stdin": outsideBy(file("/dev/stdin")),
  "a pipe": {
    ...absent(requirements("pipe.txt")),
    make: ({ root }) => void execFileSync("mkfifo", [join(root, "pipe.txt")]),
  },
  "a pipe in a copied folder": {
    layers: () => [folder("sub")],
    make: ({ root }) => void execFileSync("mkfifo", [join(root, "sub/pipe")]),
    restricted: /^ok/,
    trusted: /^ok/,
  },
  "a pipe as ignore file": {
    layers: () => [folder("sub"), "dockerignore: pipe"],
    make: ({ root }) => void execFileSync("mkfifo", [join(root, "pipe")]),
    restricted: missing,
    trusted: missing,
  },
  "a pipe outside": linked(({ outside }) => join(outside, "pipe")),
  "3 GB as requirements": {
    ...absent(requirements("big.txt")),
    make: ({ root }) => {
      writeFileSync(join(root, "big.txt"), "");
      truncateSync(join(root, "big.txt"), 3 * 2 ** 30);
    },
  },
  "3 GB outside": outsideBy(file("../outside/big")),
  "a link to a file outside": linked(({ outside }) => join(outside, "r.txt")),
  "a link to a file outside that isn't there": linked(({ outside }) => join(outside, "gone.txt")),
  "a link to a folder outside": linked(({ outside }) => outside, folder("link")),
  "a link to a folder outside, through it": linked(({ outside }) => outside, file("link/r.txt")),
  "a link above the workspace, and back": linked(({ root }) => join(root, ".."), file("link/outside/r.txt")),
  "a link to /proc/self/environ": linked(() => "/proc/self/environ"),
  "a link to /proc/self/fd": linked(() => "/proc/self/fd", folder("link")),
  "a link to /dev/tty": linked(() => "/dev/tty"),
  "a chain of 39 links to a file outside": {
    ...outsideBy(file("link")),
    make: ({ root, outside }) => chain(root, 39, join(outside, "r.txt")),
  },
  "a chain of 60 links to a file outside": {
    ...outsideBy(file("link")),
    make: ({ root, outside }) => chain(root, 60, join(outside, "r.txt")),
  },
  "a loop of links": {
    ...absent(file("link")),
    make: ({ root }) => {
      symlinkSync("other", join(root, "link"));
      symlinkSync("link", join(root, "other"));
    },
  },
  "a folder that links to itself": {
    layers: () => [folder("sub")],
    make: ({ root }) => symlinkSync(".", join(root, "sub/again")),
    restricted: /^ok/,
    trusted: /^ok/,
  },
  "a link out of a copied folder": {
    layers: () => [folder("sub")],
    make: ({ root, outside }) => symlinkSync(join(outside, "r.txt"), join(root, "sub/link")),
    restricted: /^ok/,
    trusted: /^ok/,
  },
  "an ignore file that is a link out": {
    ...outsideBy(folder("sub")),
    make: ({ root, outside }) => symlinkSync(join(outside, ".dockerignore"), join(root, ".dockerignore")),
  },
  "a selected Python that is a link out": {
    layers: () => ["uvProject: uv/pyproject.toml"],
    make: ({ root, outside }) => symlinkSync(join(outside, ".python-version"), join(root, "uv/.python-version")),
    restricted: /^ok/,
    trusted: asked,
  },
  "a member of a uv workspace that is a link out": {
    layers: () => ["uvProject: ws/pyproject.toml"],
    make: ({ root, outside }) => {
      writeFiles(root, {
        "ws/pyproject.toml": '[project]\nname = "w"\nversion = "1"\n[tool.uv.workspace]\nmembers = ["*"]\n',
      });
      symlinkSync(outside, join(root, "ws/m"));
    },
    // A pattern finds no links, as for uv.
    restricted: /^ok/,
    trusted: /^ok/,
  },
  "a member of a uv workspace by its path out": {
    layers: () => ["uvProject: ws/pyproject.toml"],
    make: ({ root }) =>
      writeFiles(root, {
        "ws/pyproject.toml":
          '[project]\nname = "w"\nversion = "1"\n[tool.uv.workspace]\nmembers = ["../../outside", "../../*"]\n',
      }),
    restricted: /^ok/,
    trusted: asked,
  },
  "requirements that include a link out": {
    layers: () => [requirements("all.txt")],
    make: ({ root, outside }) => {
      writeFileSync(join(root, "all.txt"), "-r link\n");
      symlinkSync(join(outside, "r.txt"), join(root, "link"));
    },
    restricted: refused,
    trusted: asked,
  },
  "requirements that include /proc/self/environ": {
    layers: () => [requirements("all.txt")],
    make: ({ root }) =>
      writeFileSync(join(root, "all.txt"), `-r ${relative(root, "/proc/self/environ")}\n-c ../outside/r.txt\n`),
    restricted: refused,
    trusted: asked,
  },
  ...Object.fromEntries(
    ["-r /proc/self/environ", "-c/proc/self/environ", '--requirement="/proc/self/environ"', "-r FILE:/etc/passwd"].map(
      (line): [string, HostileCase] => [
        `requirements with the line ${line}`,
        {
          layers: () => [requirements("all.txt")],
          make: ({ root }) => writeFileSync(join(root, "all.txt"), `${line}\n`),
          restricted: /^imageInvalid: .*line 1 .*Use a path relative to the file/,
          trusted: /^imageInvalid: .*line 1 .*Use a path relative to the file/,
        },
      ],
    ),
  ),
  "a Dockerfile whose ignore file is a link out": {
    layers: () => [],
    from: "dockerfile: { file: docker/Dockerfile, registry: r.example, name: app }",
    make: ({ root, outside }) => {
      writeFiles(root, { "docker/Dockerfile": "FROM scratch\n" });
      symlinkSync(join(outside, ".dockerignore"), join(root, "docker/.dockerignore"));
    },
    // BuildKit looks for the link's target in the folder, where it isn't.
    restricted: /^ok/,
    trusted: /^ok/,
  },
  "a Dockerfile whose ignore file is a link to a path that the folder has, too": {
    layers: () => [],
    from: "dockerfile: { file: docker/Dockerfile, registry: r.example, name: app }",
    make: ({ root, outside }) => {
      writeFiles(root, { "docker/Dockerfile": "FROM scratch\n", [`docker${outside}/.dockerignore`]: "a\n" });
      symlinkSync(join(outside, ".dockerignore"), join(root, "docker/.dockerignore"));
    },
    restricted: refused,
    trusted: asked,
  },
  "a Dockerfile in a folder that is a link out": {
    layers: () => [],
    from: "dockerfile: { file: link/Dockerfile, registry: r.example, name: app }",
    make: ({ root, outside }) => symlinkSync(outside, join(root, "link")),
    restricted: refused,
    trusted: asked,
  },
  "a hard link to a file outside, which is a file of the workspace": {
    layers: () => [file("hard")],
    make: ({ root, outside }) => linkSync(join(outside, "r.txt"), join(root, "hard")),
    restricted: /^ok/,
    trusted: /^ok/,
  },
};

/** Makes the workspace of a case, which is removed at the end. */
export function hostilePlace({ make }: HostileCase): HostilePlace {
  const parent = temporaryFolder({
    "workspace/own.txt": "own\n",
    "workspace/sub/a": "a",
    "workspace/uv/pyproject.toml": '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.12"\n',
    "outside/r.txt": "canary==1\n",
    "outside/.dockerignore": "canary\n",
    "outside/.python-version": "3.9\n",
    "outside/Dockerfile": "FROM canary\n",
    "outside/pyproject.toml": '[project]\nname = "canary"\nversion = "1"\n',
    "outside/big": "",
  });
  const place = { root: join(parent, "workspace"), outside: join(parent, "outside") };
  truncateSync(join(place.outside, "big"), 3 * 2 ** 30);
  execFileSync("mkfifo", [join(place.outside, "pipe")]);
  mkdirSync(join(parent, "workspace-too"));
  make?.(place);
  return place;
}
