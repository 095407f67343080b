import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { LocalArtifactStore } from "../../../src/core/artifacts/localArtifactStore";
import { uploadBuildContext } from "../../../src/core/artifacts/uploadBuildContext";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { recordingOperation } from "../../support/operation";

const files = { Dockerfile: "FROM scratch\n", "a.txt": "a", "b.log": "b", ".dockerignore": "*.log\n" };
const folder = "kaniko-build-contexts";
const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith("image-builders-context-"));

describe("uploading a context", () => {
  const usual = process.env["TMPDIR"];
  before(() => void (process.env["TMPDIR"] = temporaryFolder()));
  after(() => {
    if (usual === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = usual;
    removeTemporaryFolders();
  });

  async function upload(root: string, store: string, operation = recordingOperation()) {
    return {
      path: await uploadBuildContext(new BuildContext({ root }), folder, new LocalArtifactStore(store), operation),
      logged: operation.logged,
    };
  }

  it("names it by the SHA-1 of its bytes, creates folders, and returns its path [Z73][Z78][Z79][Z82]", async () => {
    const store = join(temporaryFolder(), "new", "store");
    const { path, logged } = await upload(temporaryFolder(files), store);
    const sha1 = createHash("sha1").update(readFileSync(path)).digest("hex");
    assert.equal(path, `${store}/${folder}/${sha1}.tar.gz`);
    assert.deepEqual(logged, [`info: Uploading build context to \`${path}\`.`]);
    assert.deepEqual(readdirSync(join(store, folder)), [basename(path)]);
    assert.equal(
      gunzipSync(readFileSync(path)).toString("latin1", 257, 262),
      "ustar",
      "the archive is there from its first byte on",
    );
  });

  it("does not upload equal contents twice, wherever they are and whenever they were written [Z76][Z80]", async () => {
    const store = temporaryFolder();
    const { path } = await upload(temporaryFolder(files), store);
    const { ino } = statSync(path);
    const copy = temporaryFolder(files);
    utimesSync(join(copy, "a.txt"), 1, 1);
    const again = await upload(copy, store);
    assert.equal(again.path, path);
    assert.deepEqual(again.logged, ["info: Build context already exists, not uploading."]);
    assert.equal(statSync(path).ino, ino);
    writeFiles(copy, { "b.log": "changed, and kept out" });
    assert.equal((await upload(copy, store)).path, path);
    writeFiles(copy, { "a.txt": "changed" });
    assert.notEqual((await upload(copy, store)).path, path);
  });

  it("leaves nothing in the temporary folder, also when it fails [Z81]", async () => {
    const before = leftovers();
    const store = temporaryFolder({ occupied: "a file" });
    await upload(temporaryFolder(files), store);
    await assert.rejects(
      upload(temporaryFolder(files), join(store, "occupied")),
      (error) =>
        ImageBuilderError.is(error, "uploadFailed") &&
        /occupied[\\/]kaniko-build-contexts" \((?:ENOTDIR|EEXIST|ENOENT)/.test(error.message),
    );
    await assert.rejects(upload(temporaryFolder({ ...files, ".dockerignore": "[" }), store), (error) =>
      ImageBuilderError.is(error, "dockerignoreInvalid"),
    );
    assert.deepEqual(leftovers(), before);
  });

  it("stops when cancelled, and leaves no half of a file in the store", async () => {
    const before = leftovers();
    const [root, store] = [temporaryFolder(files), temporaryFolder()];
    writeFileSync(join(root, "large"), Buffer.alloc(8 * 2 ** 20, 1));
    mkdirSync(join(store, folder));
    const cancel = new AbortController();
    const operation = recordingOperation(cancel.signal);
    Object.assign(operation.log, { info: () => cancel.abort(new Error("cancelled")) });
    await assert.rejects(upload(root, store, operation), /cancelled/);
    assert.deepEqual(readdirSync(join(store, folder)), []);
    assert.deepEqual(leftovers(), before);
  });
});
