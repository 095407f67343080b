import assert from "node:assert/strict";
import type { ContextEntry } from "../../../src/core/context/files/contextEntry";
import { hashAt, mostOffered, offeredFiles, withEarlierHashes } from "../../../src/core/operation/offeredFiles";
import { fileChanges, type TakenFiles } from "../../../src/core/report/fileChanges";

type Entry = Partial<ContextEntry> & { readonly hash?: string };

/** Files by path; those without a hash were not sent. */
function offered(entries: Readonly<Record<string, Entry>>) {
  const listed = Object.entries(entries).map(([path, { hash: _, ...entry }]) => ({
    path,
    kind: "file" as const,
    mode: 0o644,
    sizeBytes: 1,
    mtimeMs: 1000,
    ...entry,
  }));
  return (
    offeredFiles(
      listed,
      Object.values(entries).map(({ hash }) => hash),
    ) ?? assert.fail("too many")
  );
}

const [one, two] = ["AAAAAAAA", "BBBBBBBB"];
const all: TakenFiles = { taken: [{ path: "", isWildcard: false }], excludes: [] };
const taking = (...paths: readonly string[]): TakenFiles => ({
  taken: paths.map((path) => ({ path, isWildcard: /[*?[]/.test(path) })),
  excludes: [],
});

describe("the changes of the files that an instruction takes", () => {
  const contents: readonly (readonly [what: string, before: Entry, now: Entry, kind: string | undefined])[] = [
    ["the same file", { hash: one }, {}, undefined],
    ["a file that was only touched", { hash: one }, { mtimeMs: 2000, hash: one }, undefined],
    ["other content of the same size", { hash: one }, { mtimeMs: 2000, hash: two }, "changed"],
    ["other content of the same size and time", { hash: one }, { hash: two }, "changed"],
    ["another size", { hash: one }, { sizeBytes: 2, hash: two }, "changed"],
    ["another time, and a content that was never sent", {}, { mtimeMs: 2000, hash: two }, "mayHaveChanged"],
    ["another mode", { hash: one }, { mode: 0o755 }, "changed"],
    ["another type", { hash: one }, { kind: "symlink", sizeBytes: 0, linkTarget: "b" }, "changed"],
    ["another target of a link", { kind: "symlink", linkTarget: "b" }, { kind: "symlink", linkTarget: "c" }, "changed"],
    [
      "a touched link",
      { kind: "symlink", linkTarget: "b" },
      { kind: "symlink", linkTarget: "b", mtimeMs: 2 },
      undefined,
    ],
    [
      "a touched folder",
      { kind: "directory", sizeBytes: 0 },
      { kind: "directory", sizeBytes: 0, mtimeMs: 2 },
      undefined,
    ],
  ];
  for (const [what, before, now, kind] of contents)
    it(`have ${kind ? `"${kind}" for` : "nothing of"} ${what}`, () =>
      assert.deepEqual(
        fileChanges(offered({ a: before }), offered({ a: now }), all),
        kind === undefined ? [] : [{ path: "a", kind }],
      ));

  it("have new and removed files, and a folder only if it is empty", () => {
    const folder: Entry = { kind: "directory", sizeBytes: 0 };
    const before = offered({ gone: {}, old: folder, "old/x": {}, same: {} });
    const now = offered({ empty: folder, new: folder, "new/x": {}, same: {} });
    assert.deepEqual(fileChanges(before, now, all), [
      { path: "empty", kind: "added" },
      { path: "new/x", kind: "added" },
      { path: "gone", kind: "removed" },
      { path: "old/x", kind: "removed" },
    ]);
  });

  const before = { "a/x.py": {}, "a/y.txt": {}, "b/x.py": {}, "c.txt": {} };
  const now = {
    "a/x.py": { sizeBytes: 2 },
    "a/y.txt": { sizeBytes: 2 },
    "b/x.py": { sizeBytes: 2 },
    "c.txt": { sizeBytes: 2 },
  };
  const requests: readonly (readonly [files: TakenFiles, paths: readonly string[] | undefined])[] = [
    [taking("a"), ["a/x.py", "a/y.txt"]],
    [taking("a/x.py", "c.txt"), ["a/x.py", "c.txt"]],
    [taking("*.txt"), ["c.txt"]],
    [taking("*/*.py"), ["a/x.py", "b/x.py"]],
    [{ ...taking("a"), excludes: ["*.py"] }, ["a/y.txt"]],
    [{ ...all, excludes: ["a", "**/*.txt"] }, ["b/x.py"]],
    [{ taken: [{ isWildcard: false }], excludes: [] }, undefined],
  ];
  const inWords = ({ taken, excludes }: TakenFiles): string =>
    [...taken.map(({ path = "an unknown path" }) => path || "."), ...excludes.map((each) => `not ${each}`)].join(", ");
  for (const [files, paths] of requests)
    it(`are only those of ${inWords(files)}`, () =>
      assert.deepEqual(
        fileChanges(offered(before), offered(now), files)?.map(({ path }) => path),
        paths,
      ));

  it("are found behind symlinks that the instruction names", () => {
    const link: Entry = { kind: "symlink", sizeBytes: 0, linkTarget: "real" };
    const files = (sizeBytes: number) =>
      offered({ link, loop: { ...link, linkTarget: "loop" }, "real/x": { sizeBytes } });
    for (const path of ["link", "link/x", "lin*"])
      assert.deepEqual(fileChanges(files(1), files(2), taking(path)), [{ path: "real/x", kind: "changed" }], path);
    assert.deepEqual(fileChanges(files(1), files(2), taking("loop")), []);
  });
});

describe("the list of offered files", () => {
  it("takes the hashes of files that were not sent from an earlier list", () => {
    const earlier = offered({ a: { hash: one }, b: { hash: one }, c: { hash: one } });
    const later = withEarlierHashes(offered({ a: {}, b: { mtimeMs: 2000 }, c: { hash: two }, d: {} }), earlier);
    assert.deepEqual(
      [0, 1, 2, 3].map((i) => hashAt(later, i)),
      [one, undefined, two, undefined],
    );
  });

  it("is left out where it would be too long", () => {
    const entry: ContextEntry = { path: "a", kind: "file", mode: 0, sizeBytes: 0, mtimeMs: 0 };
    assert.equal(offeredFiles(new Array<ContextEntry>(mostOffered + 1).fill(entry), []), undefined);
  });
});
