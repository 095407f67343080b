import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  linkSync,
  lstatSync,
  lutimesSync,
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
import { extract, type Header } from "tar-stream";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import type { ContextEntry } from "../../../src/core/context/files/contextEntry";
import { tarHeader } from "../../../src/core/context/files/tarHeader";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { archiveOf, membersOf, recordingLog } from "./support";

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

async function headerOf(fields: Pick<ContextEntry, "path" | "sizeBytes">): Promise<Header> {
  const reader = extract();
  const entry = once(reader, "entry") as Promise<[Header]>;
  reader.on("error", () => {}).write(tarHeader({ ...fields, kind: "file", mode: 0o644, mtimeMs: 0 }, 0));
  const [header] = await entry;
  reader.destroy();
  return header;
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

  it("keeps times on request, before 1970 and to the microsecond [Z70]", async () => {
    const root = temporaryFolder({ whole: "", fraction: "", before: "", beforeWhole: "", halfBefore: "" });
    const times = {
      whole: 1_600_000_000,
      fraction: 1_600_000_000.123456,
      before: -86_400.25,
      beforeWhole: -1,
      halfBefore: -0.5,
    };
    for (const [name, seconds] of Object.entries(times)) {
      // Node takes a negative number for "now", but not a negative date.
      const time = seconds < 0 ? new Date(seconds * 1000) : seconds;
      utimesSync(join(root, name), time, time);
    }
    const input = await archiveOf(new BuildContext({ root }), { gzip: false, mtime: "keep" });
    const pax = Object.fromEntries(
      (await membersOf(input)).map((member) => [member.name, (member.pax as Record<string, string> | null)?.mtime]),
    );
    assert.deepEqual(pax, {
      whole: undefined,
      fraction: "1600000000.123456",
      before: "-86400.25",
      beforeWhole: "-1",
      halfBefore: "-0.5",
    });
    const unpacked = temporaryFolder();
    execFileSync("tar", ["--warning=no-timestamp", "-xf", "-", "-C", unpacked], { input });
    for (const [name, seconds] of Object.entries(times))
      assert.ok(Math.abs(lstatSync(join(unpacked, name)).mtimeMs - seconds * 1000) < 0.01, name);
  });

  it("keeps the time of a link, not of what it leads to", async () => {
    const root = temporaryFolder();
    symlinkSync("nowhere", join(root, "link"));
    lutimesSync(join(root, "link"), 1000, 1000);
    const [link] = await membersOf(await archiveOf(new BuildContext({ root }), { gzip: false, mtime: "keep" }));
    assert.equal(link?.mtime?.getTime(), 1_000_000);
  });

  it("never moves a time into the next second", async () => {
    const root = temporaryFolder({ late: "" });
    execFileSync("touch", ["--date", "@1700000000.9999996", join(root, "late")]);
    const [late] = await membersOf(await archiveOf(new BuildContext({ root }), { gzip: false, mtime: "keep" }));
    assert.equal((late?.pax as Record<string, string>)["mtime"], "1700000000.999999");
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

  it("says a size of 8 GiB or more, of which ustar has no digits", async () => {
    for (const sizeBytes of [8 ** 11 - 1, 8 ** 11, 123_456_789_012_345])
      assert.equal((await headerOf({ path: "huge", sizeBytes })).size, sizeBytes);
  });

  it("counts a record's own digits into its length", async () => {
    for (const length of [85, 90, 91, 92, 93, 95, 100, 101, 250, 985, 990, 991, 992, 993, 1000]) {
      const path = `ä${"x".repeat(length - 2)}`;
      assert.equal((await headerOf({ path, sizeBytes: 0 })).name, path);
    }
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

describe("the size of an archive", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);
  const limit = 52_428_800;
  const overhead = 512 + 1024;

  async function warningsFor(archiveBytes: number, files: Record<string, string> = {}): Promise<string[]> {
    const root = temporaryFolder({ ...files, big: Buffer.alloc(archiveBytes - overhead) });
    const log = recordingLog();
    const archive = await archiveOf(new BuildContext({ root, log }), { gzip: false });
    if (Object.keys(files).length === 0) assert.equal(archive.length, archiveBytes);
    return log.lines.filter((line) => line.startsWith("warn"));
  }

  it("is warned of from one block past 50 MiB on [Z74][Z75]", async () => {
    assert.deepEqual(await warningsFor(limit), []);
    const [warning, ...others] = await warningsFor(limit + 512);
    assert.deepEqual(others, []);
    const [before, after] = (warning ?? "").split(/`[^`]*[\\/]\.dockerignore`/);
    assert.equal(
      before,
      "warn: Build context size for docker image: `50.00 MiB`. If you believe this is unreasonably large, " +
        "make sure to include a `.dockerignore` file at the root of your build context ",
    );
    assert.equal(after, " or specify a custom file in the Docker configuration when defining your pipeline.");
  });

  it("is not warned of where there is an ignore file [Z74]", async () => {
    assert.deepEqual(await warningsFor(limit + 512, { ".dockerignore": "" }), []);
  });
});
