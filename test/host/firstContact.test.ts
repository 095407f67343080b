import assert from "node:assert/strict";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
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

  it("writes through no link that leads out of the workspace, even if the person replaces what is there", async () => {
    const outside = join(temporaryFolder({ profile: "kept" }), "profile");
    const root = temporaryFolder({ "go.mod": "module a\n\ngo 1.24\n" });
    symlinkSync(outside, join(root, "Dockerfile"));
    const stopBoxes = answerBoxes(["Go module"]);
    const { showWarningMessage } = vscode.window;
    Object.assign(vscode.window, { showWarningMessage: () => Promise.resolve("Replace") });
    stop = () => {
      Object.assign(vscode.window, { showWarningMessage });
      return stopBoxes();
    };
    await vscode.commands.executeCommand("imageBuilders.createDockerfile", vscode.Uri.file(root));
    assert.equal(readFileSync(outside, "utf8"), "kept");
    assert.equal(existsSync(join(root, ".dockerignore")), false);
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
