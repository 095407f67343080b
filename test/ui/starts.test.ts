import assert from "node:assert/strict";
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
});
