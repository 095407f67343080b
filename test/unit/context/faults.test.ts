import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import type { EntriesOptions } from "../../../src/core/context/files/contextOptions";
import { PassedOver } from "../../../src/core/context/files/faults";
import { PathScope } from "../../../src/core/context/files/pathScope";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { makeTooDeep, removeTooDeep } from "../../support/deepFolder";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { withoutRoot } from "./support";

/** Paths in the order in which they come; what has a fault is told by its code. */
async function listed(root: string, options: EntriesOptions = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of new BuildContext({ root }).entries({ keepsFaults: true, ...options }))
    for (const { path, fault } of batch) lines.push(fault ? `${path}: ${fault.code}` : path);
  return lines;
}

function notUtf8(folder: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]);
}

describe("what cannot be sent of a context", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("is kept as a fault of its path, and all else is listed: a folder that may not be read", async () => {
    const root = temporaryFolder({ "data/db/x": "", "data/z": "", "src/a": "" });
    chmodSync(join(root, "data/db"), 0);
    const lines = ["data", "data/db", "data/db: contextUnreadable", "data/z", "src", "src/a"];
    await withoutRoot(async () => {
      assert.deepEqual(await listed(root), lines);
      assert.deepEqual(await listed(root, { order: "path" }), [
        "data",
        "data/db",
        "data/db: contextUnreadable",
        "data/z",
        "src",
        "src/a",
      ]);
    });
    chmodSync(join(root, "data/db"), 0o755);
  });

  it("is a fault of each file in a folder that may be listed and not entered", async () => {
    const root = temporaryFolder({ "data/x": "", "data/y": "", z: "" });
    chmodSync(join(root, "data"), 0o744);
    await withoutRoot(async () =>
      assert.deepEqual(await listed(root), ["data", "data/x: contextUnreadable", "data/y: contextUnreadable", "z"]),
    );
    chmodSync(join(root, "data"), 0o755);
  });

  it("is a fault of a name and of a link's target that are not UTF-8", async () => {
    const root = temporaryFolder({ a: "", z: "" });
    writeFileSync(notUtf8(root), "");
    mkdirSync(join(root, "names"));
    mkdirSync(notUtf8(join(root, "names")));
    writeFileSync(Buffer.concat([notUtf8(join(root, "names")), Buffer.from("/below")]), "");
    symlinkSync(Buffer.from([0x61, 0xe9]), join(root, "link"));
    assert.deepEqual(await listed(root), [
      "a",
      "caf\ufffd: contextUnreadable",
      "link: contextUnreadable",
      "names",
      "names/caf\ufffd: contextUnreadable",
      "z",
    ]);
  });

  it("is a fault of a folder whose path is too long for the system", async () => {
    const root = temporaryFolder({ a: "", "z/x": "" });
    makeTooDeep(join(root, "deep"));
    const lines = await listed(root).finally(() => removeTooDeep(join(root, "deep")));
    assert.deepEqual(
      lines.filter((line) => line.includes(":")).map((line) => line.replace(/.*: /, "")),
      ["contextUnreadable"],
    );
    assert.deepEqual([lines[0], ...lines.slice(-2)], ["a", "z", "z/x"]);
  });

  it("is left aside without a look where an ignore file keeps it out or nothing wants it", async () => {
    const root = temporaryFolder({ "data/db/x": "", "data/z": "", "src/a": "", "package.json": "" });
    chmodSync(join(root, "data/db"), 0);
    await withoutRoot(async () => {
      assert.deepEqual(await listed(root, { scope: new PathScope(["src", "package.json"]) }), [
        "package.json",
        "src",
        "src/a",
      ]);
      assert.deepEqual(await listed(root, { scope: new PathScope(["data/z"]) }), ["data", "data/z"]);
    });
    writeFileSync(join(root, ".dockerignore"), "data/db\n!data/db/nothing\n.dockerignore\n");
    await withoutRoot(async () =>
      assert.deepEqual(await listed(root), ["data", "data/z", "package.json", "src", "src/a"]),
    );
    chmodSync(join(root, "data/db"), 0o755);
  });

  it("ends a listing that does not keep faults, and any where the root itself cannot be read", async () => {
    const root = temporaryFolder({ "data/db/x": "", b: "" });
    chmodSync(join(root, "data/db"), 0);
    await withoutRoot(() =>
      assert.rejects(
        listed(root, { keepsFaults: false }),
        (error) => ImageBuilderError.is(error, "contextUnreadable") && error.message.includes("data/db"),
      ),
    );
    chmodSync(join(root, "data/db"), 0o755);
    chmodSync(root, 0);
    await withoutRoot(() => assert.rejects(listed(root), (error) => ImageBuilderError.is(error, "contextUnreadable")));
    chmodSync(root, 0o755);
  });
});

describe("the part of a context that is wanted", () => {
  after(removeTemporaryFolders);

  it("is all that is listed, with the folders on the way and by the rules of the whole ignore file", async () => {
    const root = temporaryFolder({
      ".dockerignore": "**/*.log\nlib\n!lib/keep/one\n",
      "src/a.ts": "",
      "src/b.log": "",
      "src/deep/c.ts": "",
      "srcs/x": "",
      "lib/keep/one": "",
      "lib/drop": "",
      "docs/a": "",
    });
    const within = (...roots: string[]): Promise<string[]> => listed(root, { scope: new PathScope(roots) });
    assert.deepEqual(await within("src"), ["src", "src/a.ts", "src/deep", "src/deep/c.ts"]);
    assert.deepEqual(await within("src/deep"), ["src", "src/deep", "src/deep/c.ts"]);
    assert.deepEqual(await within("lib"), ["lib", "lib/keep", "lib/keep/one"]);
    assert.deepEqual(await within("lib/drop"), []);
    assert.deepEqual(await within("docs/a/b", "none"), ["docs"]);
    assert.deepEqual(await within(), []);
  });

  it("leaves added files alone", async () => {
    const context = new BuildContext({ root: temporaryFolder({ "a/x": "", "b/y": "" }) });
    context.addFile({ content: "" }, "b/added");
    const paths: string[] = [];
    for await (const batch of context.entries({ scope: new PathScope(["a"]) }))
      paths.push(...batch.map(({ path }) => path));
    assert.deepEqual(paths, ["a", "a/x", "b", "b/added"]);
  });
});

describe("the line about what was passed over", () => {
  const denied = (path: string): ImageBuilderError =>
    new ImageBuilderError("contextUnreadable", "a sentence", {
      cause: new Error(`EACCES: permission denied, open '${path}'`),
    });

  it("names the first few with their reasons and counts the others", () => {
    const passedOver = new PassedOver();
    assert.equal(passedOver.names, undefined);
    passedOver.add("data/db", denied("/x/data/db"));
    passedOver.add("run/app.sock", "socket");
    assert.equal(passedOver.names, '"data/db" (permission denied), "run/app.sock" (socket)');
    for (let i = 0; i < 1500; i++) passedOver.add(`more/${i}`, denied("x"));
    assert.match(passedOver.names ?? "", /^"data\/db".* "more\/2" \(permission denied\) and 1,497 more$/);
  });

  it("shows names without what hides, and cuts long ones", () => {
    const passedOver = new PassedOver();
    passedOver.add(`a\nb\u202e${"x".repeat(5000)}`, new ImageBuilderError("contextChanged", "why\u001b[31m"));
    const names = passedOver.names ?? "";
    assert.ok(names.length < 600, `${names.length} characters`);
    assert.doesNotMatch(names, /[\n\u202e\u001b]/);
  });
});
