import assert from "node:assert/strict";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { recordingLog, withoutRoot } from "./support";

describe("the ignore file of a context", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("is the given one, even if it is missing, which is warned of [Z54][Z60]", async () => {
    const root = temporaryFolder({ ".dockerignore": "*", a: "" });
    const log = recordingLog();
    const context = new BuildContext({ root, dockerignoreFile: join(root, "nope"), log });
    assert.equal(context.dockerignoreFile, join(root, "nope"));
    assert.deepEqual([...(await context.getFiles()).keys()], [".dockerignore", "a"]);
    assert.equal(log.lines.length, 1);
    assert.match(log.lines[0] ?? "", /^warn: Unable to find dockerignore file at path '.*nope'/);
  });

  it("is the Dockerfile's own before the folder's, even if it is empty", async () => {
    const root = temporaryFolder({ ".dockerignore": "*", "Dockerfile.dockerignore": "", a: "" });
    for (const builder of ["buildkit", "classic"] as const) {
      const context = new BuildContext({ root, builder });
      assert.equal(context.dockerignoreFile, join(root, "Dockerfile.dockerignore"));
      assert.equal((await context.getFiles()).size, 3);
    }
  });

  it("is found beside a Dockerfile outside the folder", () => {
    const root = temporaryFolder({ ".dockerignore": "*" });
    const elsewhere = temporaryFolder({ "My.Dockerfile": "", "My.Dockerfile.dockerignore": "a" });
    assert.equal(
      new BuildContext({ root, dockerfile: join(elsewhere, "My.Dockerfile") }).dockerignoreFile,
      join(elsewhere, "My.Dockerfile.dockerignore"),
    );
    assert.equal(
      new BuildContext({ root, dockerfile: join(elsewhere, "Other") }).dockerignoreFile,
      join(root, ".dockerignore"),
    );
  });

  it("may be missing, of which the log is told once [Z54][Z58]", async () => {
    const root = temporaryFolder({ a: "" });
    const log = recordingLog();
    const context = new BuildContext({ root, log });
    assert.equal(context.dockerignoreFile, undefined);
    await context.getFiles();
    await context.getFiles();
    assert.deepEqual(log.lines, ["info: No `.dockerignore` found, including all files inside build context."]);
  });

  it("is followed as a link within the folder by both builders", () => {
    const root = temporaryFolder({ "conf/ignore": "*" });
    symlinkSync("conf", join(root, "c"));
    symlinkSync("c/../conf/./ignore", join(root, ".dockerignore"));
    for (const builder of ["buildkit", "classic"] as const)
      assert.equal(new BuildContext({ root, builder }).dockerignoreFile, join(root, ".dockerignore"), builder);
  });

  it("is not seen by BuildKit as a link out of the folder, but by classic", async () => {
    const outside = temporaryFolder({ ignore: "*" });
    const root = temporaryFolder({ a: "" });
    symlinkSync(join(outside, "ignore"), join(root, ".dockerignore"));
    assert.equal(new BuildContext({ root }).dockerignoreFile, undefined);
    assert.deepEqual([...(await new BuildContext({ root }).getFiles()).keys()], [".dockerignore", "a"]);
    assert.deepEqual(await new BuildContext({ root, builder: "classic" }).getFiles(), new Map());
  });

  it("is the folder's own for BuildKit, if its link is to a path that the machine has, too", async () => {
    const rules = join(temporaryFolder({ rules: "b\n" }), "rules");
    const root = temporaryFolder({ a: "", b: "" });
    writeFiles(root, { [rules.slice(1)]: "**\n!b\n" });
    symlinkSync(rules, join(root, ".dockerignore"));
    assert.deepEqual([...(await new BuildContext({ root }).getFiles()).keys()], ["b"]);
  });

  it("is not there as a dangling link or a loop of links", () => {
    const root = temporaryFolder();
    symlinkSync("nowhere", join(root, ".dockerignore"));
    for (const builder of ["buildkit", "classic"] as const)
      assert.equal(new BuildContext({ root, builder }).dockerignoreFile, undefined, builder);
    rmSync(join(root, ".dockerignore"));
    symlinkSync(".dockerignore", join(root, ".dockerignore"));
    for (const builder of ["buildkit", "classic"] as const)
      assert.equal(new BuildContext({ root, builder }).dockerignoreFile, undefined, builder);
  });

  it("is not seen by BuildKit as a directory, and stops classic", async () => {
    const root = temporaryFolder({ a: "" });
    mkdirSync(join(root, ".dockerignore"));
    assert.deepEqual([...(await new BuildContext({ root }).getFiles()).keys()], [".dockerignore/", "a"]);
    await assert.rejects(
      new BuildContext({ root, builder: "classic" }).getFiles(),
      (error) =>
        ImageBuilderError.is(error, "dockerignoreInvalid") && error.message.includes(join(root, ".dockerignore")),
    );
  });

  it("is named when it cannot be read", async () => {
    const root = temporaryFolder({ ".dockerignore": "*" });
    chmodSync(join(root, ".dockerignore"), 0);
    await withoutRoot(() =>
      assert.rejects(
        new BuildContext({ root }).getFiles(),
        (error) =>
          ImageBuilderError.is(error, "contextUnreadable") && error.message.includes(join(root, ".dockerignore")),
      ),
    );
  });

  it("tells of UTF-16, in which it keeps nothing out", async () => {
    const root = temporaryFolder({ ".dockerignore": Buffer.from("\ufeff*\r\n", "utf16le"), a: "" });
    const log = recordingLog();
    assert.equal((await new BuildContext({ root, log }).getFiles()).size, 2);
    assert.match(log.lines.join("\n"), /UTF-16/);
  });
});

describe("what is always included", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);
  const files = { ".dockerignore": "*", ".zen/config.yaml": "", ".zen/a/b": "", keep: "", "sub/x": "" };

  it("is .zen by default [Z61]", async () => {
    const root = temporaryFolder(files);
    assert.deepEqual([...(await new BuildContext({ root }).getFiles()).keys()], [".zen/a/b", ".zen/config.yaml"]);
  });

  it("is nothing with an empty list", async () => {
    const root = temporaryFolder(files);
    assert.deepEqual(await new BuildContext({ root, alwaysInclude: [] }).getFiles(), new Map());
  });

  it("can be written in several ways", async () => {
    const root = temporaryFolder(files);
    for (const path of ["sub", "./sub", "/sub", "sub/", "sub/x"]) {
      assert.deepEqual(
        [...(await new BuildContext({ root, alwaysInclude: [path, "keep"] }).getFiles()).keys()],
        ["keep", "sub/x"],
        path,
      );
    }
  });

  it("needs no folder to be there and brings none", async () => {
    const root = temporaryFolder({ ".dockerignore": "*", a: "" });
    assert.deepEqual(await new BuildContext({ root }).getFiles(), new Map());
  });

  it("is refused as such when it is no pattern", async () => {
    const root = temporaryFolder(files);
    await assert.rejects(
      new BuildContext({ root, alwaysInclude: ["a["] }).getFiles(),
      (error) =>
        ImageBuilderError.is(error, "dockerignoreInvalid") &&
        /always-included/.test(error.message) &&
        error.location === undefined,
    );
  });
});

describe("a bad line of an ignore file", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("that only fails as a regular expression fails once a path is tried on it", async () => {
    const root = temporaryFolder({ ".dockerignore": "**\nx*{2}", a: "" });
    assert.deepEqual(await new BuildContext({ root }).getFiles(), new Map());
    writeFiles(root, { ".dockerignore": "a\nx*{2}" });
    await assert.rejects(
      new BuildContext({ root }).getFiles(),
      (error) =>
        ImageBuilderError.is(error, "dockerignoreInvalid") &&
        error.location?.line === 2 &&
        error.location.file === join(root, ".dockerignore"),
    );
  });

  it("stops an archive and the entries too", async () => {
    const root = temporaryFolder({ a: "" });
    writeFileSync(join(root, ".dockerignore"), "[");
    const context = new BuildContext({ root });
    await assert.rejects(context.entries().next(), (error) => ImageBuilderError.is(error, "dockerignoreInvalid"));
  });
});
