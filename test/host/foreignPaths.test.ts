import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { root } from "./askedPerson";
import { extension } from "./extension";

/** Nobody has this name, so that looking at it would fail in other words, after a while. */
const share = "//image-builders.invalid/share";

/** A task or a keybinding of a workspace may name each of them. */
describe("a path of another computer, on Windows, in the arguments of a command", () => {
  const platform = Object.getOwnPropertyDescriptor(process, "platform");

  before(async () => {
    await extension().activate();
    symlinkSync(share, join(root(), "elsewhere"));
  });
  beforeEach(() => Object.defineProperty(process, "platform", { value: "win32" }));
  afterEach(() => void (platform && Object.defineProperty(process, "platform", platform)));
  after(() => vscode.workspace.fs.delete(vscode.Uri.file(join(root(), "elsewhere"))));

  const uri = (path: string) => vscode.Uri.from({ scheme: "file", authority: "image-builders.invalid", path });
  const output = { type: "local", dest: `${share}/out` };
  for (const [what, command, given] of [
    ["a folder", "buildImage", () => ({ folder: share, imageName: "a:1" })],
    ["a folder's address", "buildAndPushImage", () => ({ folder: uri("/share"), imageName: "a:1" })],
    ["a Dockerfile", "buildImage", () => ({ dockerfile: `${share}/Dockerfile`, imageName: "a:1" })],
    ["a result's folder", "buildImage", () => ({ imageName: "a:1", options: { output } })],
    ["a folder behind a link", "buildImage", () => ({ folder: "elsewhere/app", imageName: "a:1" })],
    ["a Dockerfile behind a link", "buildImage", () => ({ dockerfile: "elsewhere/Dockerfile", imageName: "a:1" })],
    ["a spec", "buildImageSpec", () => ({ spec: `${share}/a.image.yaml` })],
    ["a spec's address", "buildAndPushImageSpec", () => ({ spec: uri("/share/a.image.yaml") })],
    ["a spec behind a link", "buildImageSpec", () => ({ spec: "elsewhere/a.image.yaml" })],
    ["the result's folder of a spec", "buildImageSpec", () => ({ spec: "a.image.yaml", options: { output } })],
  ] as const)
    it(`is refused, and not looked at: ${what}`, async () => {
      await assert.rejects(
        Promise.resolve(vscode.commands.executeCommand(`imageBuilders.${command}`, given())),
        /is on another computer and was not accessed\. Open its folder in VS Code first/,
      );
    });
});
