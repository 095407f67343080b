import assert from "node:assert/strict";
import * as vscode from "vscode";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { answerBoxes } from "./boxes";
import { stored } from "./componentCommands";
import { extension, set } from "./extension";

describe("a builder of BuildKit daemons that a person adds", () => {
  before(() => extension().activate());
  const { BUILDX_CONFIG } = process.env;
  afterEach(async () => {
    await set("builders", undefined);
    if (BUILDX_CONFIG === undefined) delete process.env["BUILDX_CONFIG"];
    else process.env["BUILDX_CONFIG"] = BUILDX_CONFIG;
  });
  after(removeTemporaryFolders);

  const poolOfBuildx = JSON.stringify({
    Name: "pool",
    Driver: "remote",
    Nodes: [{ Name: "pool0", Endpoint: "tcp://builder.example.test:1234" }],
  });
  const endpoint = "tcp://builder.example.test:1234";
  const cases: readonly (readonly [where: string, answers: readonly string[], configuration: object])[] = [
    ["has the name it has in buildx, if that was chosen", ["pool"], { instance: "pool" }],
    ["has the address that was entered", ["Enter Address", endpoint], { nodes: [{ endpoint }] }],
    [
      "has several daemons, if they were entered as JSON",
      ["Enter Several", "mine", "nodes", `[{ "endpoint": "${endpoint}", "platforms": ["linux/arm64"] }]`, "Continue"],
      { nodes: [{ endpoint, platforms: ["linux/arm64"] }] },
    ],
  ];
  for (const [what, answers, configuration] of cases)
    it(what, async () => {
      process.env["BUILDX_CONFIG"] = temporaryFolder({ "instances/pool": poolOfBuildx });
      const named = answers.includes("mine") ? answers : [...answers, "mine"];
      const stop = answerBoxes(["BuildKit daemons", ...named, "User Settings"]);
      await vscode.commands.executeCommand("imageBuilders.registerImageBuilder");
      stop();
      const added = stored("builders").find(({ name }) => name === "mine");
      assert.deepEqual(added && { flavor: added.flavor, configuration: added.configuration }, {
        flavor: "buildkit",
        configuration,
      });
    });
});
