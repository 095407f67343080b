import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { until } from "../support/until";
import { answerBoxes } from "./boxes";
import { extension } from "./extension";
import { closeAll } from "./findingsIn";

describe("the first contact", () => {
  let stop: () => readonly string[] = () => [];
  before(() => extension().activate());
  afterEach(async () => {
    stop();
    await closeAll();
  });
  after(removeTemporaryFolders);

  it("creates a Dockerfile and an ignore file that fit the folder, and opens the Dockerfile", async () => {
    const root = temporaryFolder({ "package.json": '{"scripts":{"start":"node ."}}' });
    stop = answerBoxes(["Node.js project"]);
    const made = await vscode.commands.executeCommand<vscode.Uri>(
      "imageBuilders.createDockerfile",
      vscode.Uri.file(root),
    );
    assert.equal(made.fsPath, join(root, "Dockerfile"));
    assert.match(readFileSync(made.fsPath, "utf8"), /^FROM node:.*\n[^]*CMD \["npm", "start"\]\n$/);
    assert.match(readFileSync(join(root, ".dockerignore"), "utf8"), /^\*\*\/node_modules$/m);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, made.fsPath);
  });

  it("offers to create a Dockerfile where a folder to build has none, instead of failing", async () => {
    const root = temporaryFolder({ "go.mod": "module a\n\ngo 1.24\n" });
    stop = answerBoxes(["Create Dockerfile...", "Go module"]);
    const outcome = await vscode.commands.executeCommand("imageBuilders.buildImage", vscode.Uri.file(root));
    assert.equal(outcome, undefined, "a new Dockerfile is read before it is built");
    const text = (): string =>
      existsSync(join(root, "Dockerfile")) ? readFileSync(join(root, "Dockerfile"), "utf8") : "";
    await until(async () => text() !== "", "the Dockerfile is written");
    assert.match(text(), /^FROM golang:1\.24 AS build/);
  });
});
