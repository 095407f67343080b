import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { extension } from "./extension";

/** What a link in a text could call a command of ours with: plain data that looks like a row of a tree. */
const forgedBuild = (folder: string): object => ({
  kind: "build",
  build: {
    imageName: "$(flame)",
    imageNames: ["x"],
    repoDigest: "evil.example/x@sha256:0",
    answers: {
      folder,
      builder: "local",
      imageName: "forged:1",
      dockerfile: join(folder, "Dockerfile"),
      options: { output: { type: "local", dest: join(folder, "out") } },
    },
  },
});

describe("a command of ours that is called with forged rows", () => {
  before(() => extension().activate());
  after(removeTemporaryFolders);

  it("starts no build of them", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
    await Promise.race([
      Promise.resolve(vscode.commands.executeCommand("imageBuilders.rebuildImage", forgedBuild(folder))).catch(
        () => undefined,
      ),
      // What was built last is built again, as without an argument; its questions are not answered here.
      new Promise((resolve) => setTimeout(resolve, 5_000)),
    ]);
    await vscode.commands.executeCommand("imageBuilders.cancelBuild");
    assert.equal(existsSync(join(folder, "out")), false);
  });

  it("copies nothing of them", async () => {
    await vscode.env.clipboard.writeText("before");
    for (const command of ["copyImageName", "copyDigest"]) {
      await Promise.resolve(vscode.commands.executeCommand(`imageBuilders.${command}`, forgedBuild("/"))).catch(
        () => undefined,
      );
      const copied = await vscode.env.clipboard.readText();
      assert.ok(!copied.includes("flame") && !copied.includes("evil"), `${command} copied ${copied}`);
    }
  });

  it("fails at none of them with a fault of its own", async () => {
    const row = { kind: "contextEntry", path: "x", live: { place: { folder: "command:x" } } };
    for (const command of [
      "excludeFromBuildContext",
      "includeInBuildContext",
      "openContextFile",
      "revealInExplorer",
      "showMoreRows",
      "goToDecidingLine",
    ]) {
      await vscode.commands.executeCommand(`imageBuilders.${command}`, row, [row]);
    }
  });
});
