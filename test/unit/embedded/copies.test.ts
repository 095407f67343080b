import assert from "node:assert/strict";
import { readChmod } from "../../../src/core/embedded/copy/chmod";
import { Copier, type CopyChanges } from "../../../src/core/embedded/copy/copier";
import { excludesOf } from "../../../src/core/embedded/copy/excludes";
import { findSources } from "../../../src/core/embedded/copy/findSources";
import { goMatch, hasWildcards } from "../../../src/core/embedded/copy/goMatch";
import { findOwner } from "../../../src/core/embedded/copy/owner";
import { FileTree } from "../../../src/core/embedded/tree/fileTree";
import { newFolder, type Leaf } from "../../../src/core/embedded/tree/node";
import { TreeError } from "../../../src/core/embedded/tree/treeError";
import { listTree, treeOf } from "./trees";

describe("Go's patterns", () => {
  const cases: readonly (readonly [pattern: string, matching: readonly string[], others: readonly string[]])[] = [
    ["*.txt", ["a.txt", ".txt"], ["a/b.txt", "a.txtx"]],
    ["a*/b?", ["a/bc", "axx/b1"], ["a/b", "a/b/", "a/b//"]],
    ["[a-c]x", ["ax", "cx"], ["dx", "x"]],
    ["[^a]x", ["bx", "/x"], ["ax"]],
    ["[]]", [], ["]"]],
    ["\\*", ["*"], ["a"]],
    ["a\\", [], ["a", "a\\"]],
    ["[a", [], ["a", "[a"]],
    ["[\\]]", ["]"], ["\\"]],
    ["*ü?", ["aüb", "ü文"], ["ü"]],
  ];
  for (const [pattern, matching, others] of cases)
    it(`match as Go's do: ${pattern}`, () => {
      assert.deepEqual(
        [...matching, ...others].filter((name) => goMatch(pattern, name)),
        matching,
      );
    });

  it("are told from names, also with escapes", () => {
    const names = ["a", "a\\*", "\\", "a*", "a?", "a[", "\\\\*"];
    assert.deepEqual(names.filter(hasWildcards), ["a*", "a?", "a[", "\\\\*"]);
  });
});

describe("--chmod", () => {
  const cases: readonly (readonly [text: string, file: number, becomes: string | undefined])[] = [
    ["755", 0o644, "755"],
    ["4755", 0o644, "4755"],
    ["0", 0o644, "0"],
    ["10000", 0o644, undefined],
    ["99", 0o644, undefined],
    ["u+x", 0o644, "744"],
    ["+x,go-r", 0o644, "711"],
    ["a=rX", 0o644, "444"],
    ["a=rX", 0o755, "555"],
    ["u+rw-x", 0o755, "655"],
    ["g=", 0o777, "707"],
    ["u=rwx", 0o4755, undefined],
    ["u+s", 0o644, undefined],
    ["g=u", 0o644, undefined],
    ["u", 0o644, undefined],
    ["", 0o644, undefined],
  ];
  for (const [text, mode, becomes] of cases)
    it(`"${text}" makes ${mode.toString(8)} ${becomes ?? "BuildKit's business"}`, () => {
      assert.equal(readChmod(text)?.apply(mode, false)?.toString(8), becomes);
    });

  it("lets X run folders", () => {
    assert.equal(readChmod("go=X")?.apply(0o700, true), 0o711);
  });
});

describe("--chown", () => {
  const tree = treeOf({
    "etc/passwd": "root:x:0:0\nweb:x:33:34:::\nbad:x:y:z\nweb:x:1:1\n",
    "etc/group": "staff:x:50:\nweb:x:33:\n",
  });
  const read = ({ content }: Leaf): Promise<Buffer> =>
    Promise.resolve(content?.kind === "bytes" ? content.bytes : Buffer.alloc(0));
  const cases: readonly (readonly [text: string, uid: number, gid: number])[] = [
    ["web", 33, 34],
    ["web:staff", 33, 50],
    ["web:7", 33, 7],
    ["1000", 1000, 1000],
    ["1000:0", 1000, 0],
    [":staff", 0, 50],
    ["nobody", 0, 0],
    ["nobody:nothing", 0, 0],
    ["bad", 0, 0],
    ["root:web", 0, 33],
    ["web:", 33, 34],
  ];
  for (const [text, uid, gid] of cases)
    it(`"${text}" means ${uid}:${gid}`, async () => {
      assert.deepEqual(await findOwner(text, tree, read), { uid, gid });
    });

  it("knows no names where there are no lists", async () => {
    assert.deepEqual(await findOwner("web:staff", new FileTree(), read), { uid: 0, gid: 0 });
    await assert.rejects(findOwner("-1", tree, read), TreeError);
    await assert.rejects(findOwner("web", undefined, read), TreeError);
    assert.deepEqual(await findOwner("0:7", undefined, read), { uid: 0, gid: 7 });
  });
});

describe("a copy", () => {
  const source = treeOf({
    "a.txt": "a",
    "dir/one": "1",
    "dir/sub/two": "2",
    "dir/link": { link: "one" },
    "dir/hard": { hard: "dir/one" },
    out: { link: "dir/sub" },
    "x/[y]/z": "z",
  });
  const target = (): FileTree =>
    treeOf({ "app/keep": "k", "real/f": "f", link: { link: "real" }, "bin/tool": "t", dangling: { link: "no/where" } });

  function copied(path: string, destination: string, changes: CopyChanges = {}, into = target()): string[] {
    for (const { node, name } of findSources(source, path)) new Copier(into, changes).copy(node, name, destination);
    return [...into.changed].sort();
  }

  const cases: readonly (readonly [path: string, destination: string, changed: readonly string[]])[] = [
    ["a.txt", "/new", ["/", "/new"]],
    ["a.txt", "/new/", ["/", "/new", "/new/a.txt"]],
    ["a.txt", "/app", ["/", "/app", "/app/a.txt"]],
    ["a.txt", "/link/x", ["/", "/real", "/real/x"]],
    ["a.txt", "/dangling", ["/", "/no", "/no/where"]],
    ["dir", "/new", ["/", "/new", "/new/hard", "/new/link", "/new/one", "/new/sub", "/new/sub/two"]],
    ["dir/sub", "/link", ["/", "/real", "/real/two"]],
    ["out", "/app/", ["/", "/app", "/app/two"]],
    ["dir/o*", "/app/", ["/", "/app", "/app/one"]],
    ["d*/s*/*", "/app/", ["/", "/app", "/app/two"]],
    ["nothing*", "/app/new/", []],
    ["x/[[]y]/z", "/app/", ["/", "/app", "/app/z"]],
  ];
  for (const [path, destination, changed] of cases)
    it(`of ${path} to ${destination} changes what BuildKit's would`, () => {
      assert.deepEqual(copied(path, destination), changed);
    });

  const refused: readonly (readonly [path: string, destination: string])[] = [
    ["missing", "/x"],
    ["no/*", "/x"],
    ["dir", "/app/keep"],
    ["a.txt", "/app/keep/x"],
    ["dir/link/x", "/y"],
  ];
  for (const [path, destination] of refused)
    it(`of ${path} to ${destination} is refused`, () => {
      assert.throws(() => copied(path, destination), TreeError);
    });

  it("keeps files with several names one file", () => {
    const into = target();
    copied("dir", "/new", {}, into);
    assert.equal(into.at("/new/one"), into.at("/new/hard"));
    assert.notEqual(into.at("/new/one"), source.at("/dir/one"));
  });

  it("gives owner and mode to what it makes, and leaves the folder at the top as it is", () => {
    const into = target();
    const mode = readChmod("700");
    copied("dir", "/app", { owner: { uid: 5, gid: 6 }, mode }, into);
    const [app, sub, one] = ["/app", "/app/sub", "/app/one"].map((path) => into.at(path));
    assert.deepEqual([app?.uid, app?.mode], [0, 0o755]);
    assert.deepEqual([sub?.uid, sub?.gid, sub?.mode, one?.uid, one?.mode], [5, 6, 0o700, 5, 0o700]);
  });

  it("takes the group of a folder with the setgid bit for folders on the way", () => {
    const into = new FileTree(newFolder({ mode: 0o2755, gid: 50 }));
    copied("a.txt", "/a/b/", {}, into);
    assert.deepEqual([into.at("/a/b")?.mode, into.at("/a/b")?.gid, into.at("/a/b/a.txt")?.gid], [0o2755, 50, 0]);
  });

  for (const pattern of ["!", "[a", "a/[", "\\"])
    it(`refuses the exclusion ${pattern}, as BuildKit does`, () => {
      assert.throws(() => excludesOf([pattern]), TreeError);
    });

  it("makes a folder that is kept out once something in it is not", () => {
    const into = new FileTree();
    copied("dir", "/n", { excludes: excludesOf(["*", "!sub/two"]) }, into);
    assert.deepEqual(listTree(into), ["/n", "/n/sub", "/n/sub/two"]);
  });
});
