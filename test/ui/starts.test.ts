import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packagesOf } from "../../scripts/check/packages.mjs";
import { root } from "../../scripts/setup/paths.mjs";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { VsCode } from "../support/ui";

describe("VS Code with the packaged extension", function () {
  this.timeout(300_000);
  let vsCode: VsCode;

  before(async () => {
    vsCode = await VsCode.open({ folder: temporaryFolder({ Dockerfile: "FROM scratch\n" }) });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  it("opens a folder and offers the extension's view", async () => {
    await vsCode.workbench.openView("Explorer");
    await vsCode.workbench.treeItem("Dockerfile").waitFor();
    await vsCode.workbench.openView("Image Builders");
    await vsCode.screenshot("starts");
    assert.equal(await vsCode.workbench.toast(/cannot activate|failed/i).count(), 0);
  });

  it("brings the licenses of all that it bundles", () => {
    const folder =
      readdirSync(vsCode.server.extensions).find((name) => name.startsWith("image-builders.image-builders-")) ?? "";
    const notices = readFileSync(join(vsCode.server.extensions, folder, "dist/ThirdPartyNotices.txt"), "utf8");
    const inputs = JSON.parse(
      execFileSync(process.execPath, ["esbuild.mjs", "--list-inputs"], { cwd: root, encoding: "utf8" }),
    ) as string[];
    const packages = packagesOf(inputs.map((file) => join(root, file)));
    assert.ok(packages.length > 20);
    for (const { name, version, license } of packages)
      assert.ok(notices.includes(`\n${name} ${version} (${license})\n\n`), name);
  });
});
