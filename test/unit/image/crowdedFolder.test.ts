import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { proposeSpecs } from "../../../src/core/image/propose/proposeSpecs";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { howSlow, slack } from "../../support/workTime";

describe("image specs for a crowded folder", () => {
  after(removeTemporaryFolders);

  it("are few, and there in little time, where thousands of scripts are", async () => {
    const script = "# /// script\n# requires-python = '>=3.12'\n# ///\n";
    const root = temporaryFolder(Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`s${i}.py`, script])));
    const before = process.cpuUsage();
    const proposals = await proposeSpecs(root);
    const { user, system } = process.cpuUsage(before);
    assert.equal(proposals.length, 21);
    assert.ok((user + system) / 1000 < 100 * howSlow() * slack, `${user + system} µs`);
  });

  it("have names that nothing in the folder has, not even a link that leads out of it", async () => {
    const root = temporaryFolder({});
    const own = (await proposeSpecs(root))[0]?.fileName ?? "";
    symlinkSync("/nowhere", join(root, own));
    const [proposal] = await proposeSpecs(root, undefined, { folders: [root] });
    assert.equal(proposal?.fileName, own.replace(".image", "-2.image"));
  });
});
