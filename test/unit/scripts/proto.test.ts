import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../scripts/setup/paths.mjs";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

describe("the check of generated code", () => {
  after(removeTemporaryFolders);

  function check(change: (folder: string) => void): { readonly status: number | null; readonly output: string } {
    const folder = temporaryFolder();
    cpSync(join(root, "src/core/transport/proto"), folder, { recursive: true });
    change(folder);
    const args = [join(root, "scripts/check/proto.mjs"), "--folder", folder];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    return { status, output: stdout + stderr };
  }

  it("passes what the .proto files generate", () => {
    const { status, output } = check(() => {});
    assert.equal(status, 0, output);
    assert.match(output, /^protocol buffers: \d+ generated files, all up to date$/m);
  }).timeout(60_000);

  it("names each file that was changed, is missing, or is left over", () => {
    const { status, output } = check((folder) => {
      appendFileSync(join(folder, "auth.pb.ts"), "// changed\n");
      rmSync(join(folder, "ssh.pb.ts"));
      cpSync(join(folder, "wire.pb.ts"), join(folder, "old.pb.ts"));
    });
    assert.equal(status, 1);
    assert.deepEqual([...output.matchAll(/^(\S+) differs/gm)].map(([, name]) => name).sort(), [
      "auth.pb.ts",
      "old.pb.ts",
      "ssh.pb.ts",
    ]);
  }).timeout(60_000);
});
