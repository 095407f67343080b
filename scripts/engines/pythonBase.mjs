import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { unpackFromSuite } from "../setup/debian.mjs";
import { withLock } from "../setup/lock.mjs";
import { cache, shortHash } from "../setup/paths.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { findProgram, run, say } from "../setup/steps.mjs";
import { askEngine } from "./engineApi.mjs";

/** Base image with Python 3.11 and pip for tests of Python layers. */
export const pythonImage = "python-base:3.11";

/**
 * Python and pip with all their dependencies. Debian's packages are used because its images can't be pulled everywhere.
 */
const packages = [
  "python3",
  "python3-minimal",
  "python3.11",
  "python3.11-minimal",
  "libpython3.11-minimal",
  "libpython3.11-stdlib",
  "python3-pip",
  "python3-setuptools",
  "python3-pkg-resources",
  "python3-wheel",
  "python3-distutils",
  "python3-lib2to3",
  "media-types",
  "libc6",
  "zlib1g",
  "libexpat1",
  "libssl3",
  "libffi8",
  "libbz2-1.0",
  "liblzma5",
  "libsqlite3-0",
  "libuuid1",
  "libreadline8",
  "libtinfo6",
  "libncursesw6",
  "libdb5.3",
  "libcrypt1",
  "libnsl2",
  "libtirpc3",
  "libgssapi-krb5-2",
  "libkrb5-3",
  "libk5crypto3",
  "libcom-err2",
  "libkrb5support0",
  "libkeyutils1",
];

/**
 * Creates `python-base:3.11` in an engine: Debian's Python with busybox's tools, 60 MB.
 *
 * @param {string} socket
 */
export async function seedPython(socket) {
  const isLocal = await askEngine(socket, "GET", `/images/${pythonImage}/json`).then(
    () => true,
    () => false,
  );
  if (isLocal) return;
  const root = path.join(cache, "engines/python-base");
  await withLock(root, () => unpackRoot(root));
  // Several lanes may create the archive at the same time, each for its own daemon.
  const archive = `${root}-${shortHash(socket)}.tar`;
  await run("tar", ["-C", root, "-cf", archive, "."]);
  const query = new URLSearchParams({ fromSrc: "-", repo: pythonImage });
  query.append("changes", "ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
  query.append("changes", 'CMD ["python3"]');
  await askEngine(socket, "POST", `/images/create?${query}`, {
    body: await readFile(archive),
    headers: { "Content-Type": "application/x-tar" },
  });
  await rm(archive);
  say(`imported ${pythonImage}`);
}

/** @param {string} root */
async function unpackRoot(root) {
  if (existsSync(root)) return;
  const unfinished = `${root}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await unpackFromSuite("bookworm", packages, unfinished);
  for (const part of ["doc", "man", "locale"])
    await rm(path.join(unfinished, "usr/share", part), { recursive: true, force: true });
  // This file forbids installing with pip. Official Python images don't have it.
  await rm(path.join(unfinished, "usr/lib/python3.11/EXTERNALLY-MANAGED"), { force: true });
  await addBusybox(unfinished);
  await rename(unfinished, root);
  say("unpacked Python from Debian's bookworm");
}

/** @param {string} root */
async function addBusybox(root) {
  const program = findProgram("busybox");
  if (!program) throw new SetUpError("There is no busybox program: sudo apt-get install -y busybox-static");
  const bin = path.join(root, "usr/bin");
  await copyFile(program, path.join(bin, "busybox"));
  const there = new Set(await readdir(bin));
  const applets = (await run(program, ["--list"]))
    .trim()
    .split("\n")
    .filter((name) => !there.has(name));
  await Promise.all(applets.map((name) => symlink("busybox", path.join(bin, name))));
  if (!existsSync(path.join(root, "bin"))) await symlink("usr/bin", path.join(root, "bin"));
  for (const folder of ["tmp", "root", "proc", "sys", "dev", "etc"])
    await mkdir(path.join(root, folder), { recursive: true });
  await writeFile(path.join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  await writeFile(path.join(root, "etc/group"), "root:x:0:\n");
}
