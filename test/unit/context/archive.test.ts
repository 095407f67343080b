import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { archiveOf, membersOf } from "./support";

const oddNames = [
  "plain",
  "with space",
  "comma, and 'quote\"",
  "new\nline",
  "back\\slash",
  "tab\there",
  "-dash",
  "日本語",
  "😀 emoji",
  "e\u0301 combining",
  "\u00e9 composed",
  "x".repeat(99),
  "y".repeat(100),
  "z".repeat(101),
  "w".repeat(255),
  "ü".repeat(127),
  `${"long-folder-name/".repeat(20)}file`,
  `${"ordner-ä/".repeat(40)}datei`,
];

/** A tree with everything that a tar can get wrong. */
function oddTree(): string {
  const root = temporaryFolder(Object.fromEntries(oddNames.map((name) => [name, `content of ${name}`])));
  writeFileSync(join(root, "large.bin"), Buffer.alloc(3 * 1024 * 1024 + 7, "0123456789"));
  writeFileSync(join(root, "binary"), Buffer.from(Array.from({ length: 256 }, (_, i) => i)));
  mkdirSync(join(root, "empty/inner"), { recursive: true });
  const unreadable = process.geteuid?.() === 0 ? [["nothing", 0] as const] : [];
  for (const [name, mode] of [
    ["setuid", 0o4755],
    ["sticky", 0o1644],
    ["setgid", 0o2750],
    ["script", 0o755],
    ...unreadable,
  ] as const) {
    writeFileSync(join(root, name), name);
    chmodSync(join(root, name), mode);
  }
  chmodSync(join(root, "empty"), 0o1777);
  for (const [name, target] of [
    ["link", "plain"],
    ["dangling", "no/where"],
    ["absolute", "/etc/passwd"],
    ["link-long", "t".repeat(150)],
    ["link-ä", "日本語"],
    ["link-folder", "empty"],
  ] as const)
    symlinkSync(target, join(root, name));
  return root;
}

/** Everything a tree holds that an archive must keep. */
function describeTree(root: string, folder = ""): Record<string, string> {
  const described: Record<string, string> = {};
  for (const name of readdirSync(join(root, folder))) {
    const path = folder === "" ? name : `${folder}/${name}`;
    const stats = lstatSync(join(root, path));
    if (stats.isSymbolicLink()) described[path] = `link ${readlinkSync(join(root, path))}`;
    else
      described[path] =
        `${(stats.mode & 0o7777).toString(8)} ${stats.isFile() ? digest(readFileSync(join(root, path))) : "folder"}`;
    if (stats.isDirectory()) Object.assign(described, describeTree(root, path));
  }
  return described;
}

function digest(content: Buffer): string {
  return content.length < 1000 ? content.toString("latin1") : createHash("sha256").update(content).digest("hex");
}

describe("an archive", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("is unpacked by GNU tar to the tree it was made of", async () => {
    const root = oddTree();
    const unpacked = temporaryFolder();
    for (const gzip of [true, false]) {
      execFileSync("tar", [gzip ? "-xpzf" : "-xpf", "-", "-C", unpacked], {
        input: await archiveOf(new BuildContext({ root }), { gzip }),
        maxBuffer: 2 ** 28,
      });
      assert.deepEqual(describeTree(unpacked), describeTree(root));
    }
  });

  it("lists in GNU tar without a complaint, everything owned by 0:0", async () => {
    const input = await archiveOf(new BuildContext({ root: oddTree() }), { gzip: false });
    const listing = execFileSync("tar", ["-tvf", "-", "--numeric-owner", "--full-time", "--utc"], {
      input,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = listing.trimEnd().split("\n");
    assert.ok(lines.length > oddNames.length);
    for (const line of lines) assert.match(line, /^[-dl][-rwxsStT]{9} 0\/0 +\d+ 1970-01-01 00:00:00 /);
  });

  it("reads the same in another reader: names, modes, links, contents [Z70][Z71]", async () => {
    const root = oddTree();
    const members = await membersOf(await archiveOf(new BuildContext({ root }), { gzip: false }));
    const read = Object.fromEntries(
      members.map(({ name, mode = 0, type, linkname, content }) => [
        name.replace(/\/$/, ""),
        type === "symlink"
          ? `link ${linkname}`
          : `${mode.toString(8)} ${type === "directory" ? "folder" : digest(Buffer.from(content, "latin1"))}`,
      ]),
    );
    assert.deepEqual(read, describeTree(root));
    for (const { uid, gid, uname, gname } of members)
      assert.deepEqual([uid, gid, uname ?? "", gname ?? ""], [0, 0, "", ""]);
  });

  it("has its members sorted by their paths' bytes [Z69]", async () => {
    const names = (await membersOf(await archiveOf(new BuildContext({ root: oddTree() }), { gzip: false }))).map(
      ({ name }) => name.replace(/\/$/, ""),
    );
    assert.deepEqual(
      names,
      [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
  });

  it("uses no PAX record where ustar can say it all", async () => {
    const root = temporaryFolder({ ["a".repeat(100)]: "x" });
    symlinkSync("b".repeat(100), join(root, "link"));
    assert.equal((await archiveOf(new BuildContext({ root }), { gzip: false })).length, 512 + 512 + 512 + 1024);
  });

  it("is equal byte by byte for a copied tree, whatever its times, and differs by a mode [Z76]", async () => {
    const root = oddTree();
    const copy = join(temporaryFolder(), "copy");
    cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
    // The copy has lost the special bits.
    for (const name of ["setuid", "sticky", "setgid", "empty"])
      chmodSync(join(copy, name), lstatSync(join(root, name)).mode & 0o7777);
    utimesSync(join(copy, "plain"), 1, 1);
    for (const gzip of [true, false]) {
      const first = await archiveOf(new BuildContext({ root }), { gzip });
      assert.ok(first.equals(await archiveOf(new BuildContext({ root }), { gzip })));
      assert.ok(first.equals(await archiveOf(new BuildContext({ root: copy }), { gzip })));
    }
    chmodSync(join(copy, "plain"), 0o600);
    assert.ok(!(await archiveOf(new BuildContext({ root }))).equals(await archiveOf(new BuildContext({ root: copy }))));
  });

  it("has a gzip header without a time, a name or a system [Z72][Z76]", async () => {
    const archive = await archiveOf(new BuildContext({ root: temporaryFolder({ a: "a" }) }));
    assert.deepEqual([...archive.subarray(0, 8)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    assert.equal(archive[9], 255);
    assert.ok(
      gunzipSync(archive).equals(
        await archiveOf(new BuildContext({ root: temporaryFolder({ a: "a" }) }), { gzip: false }),
      ),
    );
  });

  it("holds a file with several names once for a build, and under each name for a store of equal bytes", async () => {
    const root = temporaryFolder({
      "b/first": "content",
      "kept-out": "other",
      unlike: "content",
      ".dockerignore": "kept-out\n",
    });
    linkSync(join(root, "b/first"), join(root, "b/second"));
    linkSync(join(root, "b/first"), join(root, "ü ".repeat(60)));
    linkSync(join(root, "kept-out"), join(root, "let-in"));
    const forBuild = await archiveOf(new BuildContext({ root }), { gzip: false, mtime: "keep" });
    const unpacked = temporaryFolder();
    execFileSync("tar", ["-xf", "-", "-C", unpacked], { input: forBuild });
    const inodeOf = (name: string): number => lstatSync(join(unpacked, name)).ino;
    assert.deepEqual([inodeOf("b/second"), inodeOf("ü ".repeat(60))], [inodeOf("b/first"), inodeOf("b/first")]);
    assert.deepEqual(
      ["unlike", "let-in"].map((name) => lstatSync(join(unpacked, name)).nlink),
      [1, 1],
    );

    const copy = temporaryFolder();
    cpSync(root, copy, { recursive: true });
    assert.ok((await archiveOf(new BuildContext({ root }))).equals(await archiveOf(new BuildContext({ root: copy }))));
  });

  it("is told of by a report and by bytes on the way", async () => {
    const root = temporaryFolder({ a: Buffer.alloc(2_500_000), "d/b": "b" });
    symlinkSync("a", join(root, "l"));
    const bytes: number[] = [];
    const chunks: Buffer[] = [];
    const output = new Writable({ write: (chunk: Buffer, _, done) => (chunks.push(chunk), done()) });
    const report = await new BuildContext({ root }).writeArchive(output, {
      gzip: false,
      onBytes: (count) => bytes.push(count),
    });
    const length = Buffer.concat(chunks).length;
    assert.deepEqual(report, { files: 3, bytes: length, skipped: [] });
    assert.equal(bytes.at(-1), length);
    assert.ok(bytes.length > 2);
    assert.equal(output.writableEnded, false);
  });

  it("without a root holds the extra files alone [Z53][Z55]", async () => {
    const context = new BuildContext();
    assert.equal((await archiveOf(context, { gzip: false })).length, 1024);
    context.addFile({ content: "FROM scratch" }, "Dockerfile");
    assert.deepEqual(
      (await membersOf(await archiveOf(context, { gzip: false }))).map(({ name, content }) => [name, content]),
      [["Dockerfile", "FROM scratch"]],
    );
  });
});
