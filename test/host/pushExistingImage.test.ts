import assert from "node:assert/strict";
import * as vscode from "vscode";
import { plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { answerBoxes } from "./boxes";
import { call, extension, set } from "./extension";

describe("pushing an image that the daemon has", () => {
  before(async () => {
    await extension().activate();
    await set("registries", [
      { name: "test", flavor: "default", configuration: { uri: plainRegistry() } },
      { name: "other", flavor: "default", configuration: { uri: "registry.invalid" } },
    ]);
  });
  after(async () => {
    await set("registries", undefined);
    removeTemporaryFolders();
  });

  it("asks for the registry, the image, and its name there", async () => {
    const folder = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" });
    const [local, pushed] = [uniqueName("local"), uniqueName("pushed")];
    await call("buildImage", { folder, imageName: `${local}:1` });
    const end = answerBoxes(["test", `${local}:1`, `team/${pushed}:2`]);
    await vscode.commands.executeCommand("imageBuilders.pushExistingImage");
    assert.deepEqual(end(), []);
    assert.match((await registryDigest(`${plainRegistry()}/team/${pushed}:2`)) ?? "", /^sha256:/);
  });
});
