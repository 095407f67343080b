import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { savedImage } from "../support/savedImage";
import { VsCode } from "../support/ui";
import { answer } from "./answer";

describe("the question before an upload", function () {
  this.timeout(90_000);
  // Each step begins where the one before ended.
  this.bail(true);
  const name = uniqueName("guarded");
  const token = `glpat-${"Zk4vT9qLm2Xw7Bn1Rc8D".slice(0, 20)}`;
  let root: string;
  let vsCode: VsCode;

  before(async () => {
    root = temporaryFolder({
      "shop/Dockerfile": "FROM scratch\nCOPY . /app/\n",
      "shop/.env": "DATABASE_PASSWORD=correct horse\n",
      "shop/src/settings.py": `import os\n\nREGION = "eu-1"\nTOKEN = "${token}"\n`,
      "shop/data/raw/2023.csv": "x".repeat(900_000),
      "shop/data/raw/2024.csv": "x".repeat(900_000),
      "shop/model.onnx": "x".repeat(500_000),
    });
    vsCode = await VsCode.open({ folder: root, settings: { "imageBuilders.largeContextMiB": 1 } });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await vsCode.screenshot("failed", "dark");
  });

  it("tells the secrets, where they are and what keeping them out does", async () => {
    const { workbench } = vsCode;
    await build();
    await workbench.quickInput().getByText("Secrets Would Be Sent").waitFor();
    await workbench.quickPick(/\.env.*usually contains environment variables/).waitFor();
    await workbench.quickPick(/src\/settings\.py:4.*a GitLab token/).waitFor();
    await workbench.quickPick(/Exclude and Build.*stops sending 2 files.*no other changes/).waitFor();
    assert.ok(!(await workbench.quickInput().innerText()).includes(token));
    await vsCode.screenshot("secrets-question");
  });

  it("shows a secret's place and stays", async () => {
    const { workbench, page } = vsCode;
    await workbench.pick(/src\/settings\.py:4/);
    await page.getByText(/Ln 4, Col 1/).waitFor();
    await workbench.quickPick(/Exclude and Build/).waitFor();
    await vsCode.screenshot("secrets-question-place");
  });

  it("keeps them out, and goes on to ask about the size", async () => {
    const { workbench } = vsCode;
    await workbench.pick(/Exclude and Build/);
    await workbench.quickInput().getByText("2.3 MB Would Be Sent").waitFor();
    await workbench.quickPick(/Exclude data\/raw\/ and Build.*stops sending 2 files, 1.8 MB/).waitFor();
    assert.equal(readFileSync(join(root, "shop/.dockerignore"), "utf8"), ".env\nsrc/settings.py\n");
    await vsCode.screenshot("large-context-question");
  });

  it("builds an image that holds neither", async () => {
    const { workbench } = vsCode;
    await workbench.pick(/Exclude data\/raw\/ and Build/);
    await workbench.toast(/Built .*guarded/).waitFor();
    assert.equal(readFileSync(join(root, "shop/.dockerignore"), "utf8"), ".env\nsrc/settings.py\ndata/raw\n");
    const image = await savedImage(`${name}:1`);
    assert.ok(!image.includes(token) && !image.includes("correct horse") && !image.includes("2023.csv"));
    assert.ok(image.includes("model.onnx"));
    assert.ok(!(await vsCode.output()).includes(token));
  });

  async function build(): Promise<void> {
    const { workbench } = vsCode;
    // The menu has our entries once the extension is there.
    await workbench.openView("Image Builders");
    await workbench.treeItem(/^local, docker \d+/).waitFor();
    await workbench.openView("Explorer");
    await workbench.chooseFromMenu(workbench.treeItem("shop"), "Image Builders", "Build Image...");
    await answer(vsCode, `${name}:1`);
  }
});
