import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../folder";

const fileTime = 1_700_000_000;
const folderTime = 1_690_000_000;
const linkTime = 1_680_000_000;

/** Files by path, with modes that differ from 0644. */
const files: Readonly<Record<string, readonly [content: string, mode?: number]>> = {
  ".dockerignore": ["kept-out\n**/*.tmp\n"],
  "a.txt": ["a\n"],
  "b.txt": ["b\n", 0o600],
  "empty.txt": [""],
  "run.sh": ["#!/bin/sh\n", 0o755],
  setuid: ["s", 0o4755],
  "[x]/odd.txt": ["odd"],
  "q?.txt": ["q"],
  "with space/file one.txt": ["space"],
  "ünï/cödé-文件.txt": ["unicode"],
  [`long/${"n".repeat(90)}/${"m".repeat(90)}/${"o".repeat(60)}.txt`]: ["long"],
  "src/main.py": ["print(1)\n"],
  "src/data.csv": ["1,2\n"],
  "src/secret.key": ["k"],
  "src/.hidden": ["h"],
  "src/a.tmp": ["t"],
  "src/lib/util.py": ["x=1\n"],
  "src/lib/deep/er/file.dat": ["d".repeat(70_000)],
  "static/index.html": ["<p>"],
  "static/css/site.css": ["p{}"],
  "static/js/app.js": ["1"],
  "conf.d/10-a.conf": ["a"],
  "conf.d/20-b.conf": ["b"],
  "conf.d/readme.md": ["r"],
  "pkg/package.json": ["{}"],
  "pkg/node_modules/m/index.js": ["m"],
  "kept-out/x": ["x"],
  "hard/one": ["hard\n"],
  "fake.tar.gz": ["no archive"],
};
const links: Readonly<Record<string, string>> = {
  "link-file": "a.txt",
  "link-dir": "src",
  "src/up": "../a.txt",
  "src/abs": "/etc/passwd",
  "src/dangling": "missing",
};

/** Makes a folder with everything that COPY treats differently: modes, links, names, archives. */
export function oddContext(): string {
  const root = join(temporaryFolder(), "context");
  mkdirSync(root);
  for (const [path, [content, mode = 0o644]] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    chmodSync(join(root, path), mode);
    utimesSync(join(root, path), fileTime, fileTime + path.length);
  }
  for (const folder of ["empty", "src/empty", "hard/z"]) mkdirSync(join(root, folder));
  for (const [path, mode] of [
    ["empty", 0o700],
    ["src/lib", 0o2775],
    ["static", 0o750],
  ] as const)
    chmodSync(join(root, path), mode);
  for (const [path, target] of Object.entries(links)) {
    symlinkSync(target, join(root, path));
    lutimesSync(join(root, path), linkTime, linkTime);
  }
  linkSync(join(root, "hard/one"), join(root, "hard/two"));
  linkSync(join(root, "hard/one"), join(root, "hard/z/three"));
  archives(root);
  for (const path of readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .reverse())
    utimesSync(path, folderTime, folderTime + path.length - root.length);
  return root;
}

function archives(root: string): void {
  const source = join(root, "..", "archive");
  mkdirSync(join(source, "etc"), { recursive: true });
  mkdirSync(join(source, "new/sub"), { recursive: true });
  for (const path of ["etc/extra.conf", "new/sub/f", "new/g"]) writeFileSync(join(source, path), path);
  symlinkSync("g", join(source, "new/l"));
  linkSync(join(source, "new/g"), join(source, "new/h"));
  chmodSync(join(source, "new"), 0o711);
  const tar = (name: string, flags: string, ...more: string[]): void => {
    const owner = ["--owner=1234", "--group=2345", "--numeric-owner", "--mtime=2020-01-02", "--sort=name"];
    execFileSync("tar", ["-C", source, ...owner, ...more, flags, join(root, name), "etc", "new"]);
    utimesSync(join(root, name), linkTime, linkTime);
  };
  tar("plain.tar", "-cf");
  tar("pax.tar", "-cf", "--format=posix");
  tar("packed.tar.gz", "-czf");
}
