import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { answerBoxes } from "./boxes";
import { answerDialogs } from "./dialogs";
import { extension } from "./extension";
import { closeAll } from "./findingsIn";

/** Way in which a command writes a file of the workspace that a link leads out of it. */
interface Case {
  readonly command: string;
  /** Path in the workspace's folder that the command is run on; default is the folder itself. */
  readonly target?: string;
  /** Links by their paths in the folder, with their targets relative to the folder outside. */
  readonly links: Readonly<Record<string, string>>;
  readonly answers?: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  "a Dockerfile through a link": { command: "createDockerfile", links: { Dockerfile: "profile" }, answers: ["Debian"] },
  "a Dockerfile through a link to a file that is not there": {
    command: "createDockerfile",
    links: { Dockerfile: "gone" },
    answers: ["Debian"],
  },
  "a Dockerfile in a linked folder": {
    command: "createDockerfile",
    target: "linked",
    links: { linked: "" },
    answers: ["Debian"],
  },
  "an image spec in a linked folder": {
    command: "newImageSpec",
    target: "linked/sub",
    links: { linked: "" },
    answers: ["Debian"],
  },
  "a converted image spec": {
    command: "convertToDockerfile",
    target: "app.image.yaml",
    links: { "app.Dockerfile": "gone" },
  },
  "a converted Dockerfile": {
    command: "convertToImageSpec",
    target: "other.Dockerfile",
    links: { "other.image.yaml": "profile" },
  },
  "a new ignore file": {
    command: "generateDockerignore",
    links: { ".dockerignore": "gone" },
    answers: ["Exclude files"],
  },
  "an ignore file that is a link": {
    command: "generateDockerignore",
    links: { ".dockerignore": "profile" },
    answers: ["Add rules"],
  },
};

const files = {
  "app.image.yaml": "from: { debianBase: { name: app, installFlyte: false } }\n",
  "other.Dockerfile": "FROM scratch\nCOPY . /\n",
  "node_modules/x/i.js": "1",
};

describe("a link that leads out of the workspace", () => {
  before(() => extension().activate());
  const undo: (() => unknown)[] = [];
  afterEach(async () => {
    for (const each of undo.splice(0)) each();
    await closeAll();
  });
  after(removeTemporaryFolders);

  for (const [title, { command, target = ".", links, answers = [] }] of Object.entries(cases))
    it(`is not written through: ${title}`, async () => {
      const outside = temporaryFolder({ profile: "kept\n", "sub/own": "" });
      const [open] = vscode.workspace.workspaceFolders ?? [];
      const root = join(open?.uri.fsPath ?? assert.fail("no folder is open"), uniqueName("linked"));
      mkdirSync(root);
      undo.push(() => rmSync(root, { recursive: true, force: true }));
      writeFiles(root, files);
      for (const [path, to] of Object.entries(links)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        symlinkSync(join(outside, to), join(root, path));
      }
      const errors: string[] = [];
      const { showErrorMessage } = vscode.window;
      const keep = async (message: string): Promise<void> => void errors.push(message);
      Object.assign(vscode.window, { showErrorMessage: keep });
      undo.push(() => Object.assign(vscode.window, { showErrorMessage }));
      undo.push(answerBoxes(answers), answerDialogs(() => "Replace").stop);
      await vscode.commands.executeCommand(`imageBuilders.${command}`, vscode.Uri.file(join(root, target)));
      assert.deepEqual(readdirSync(outside, { recursive: true }).sort(), ["profile", "sub", "sub/own"]);
      assert.equal(readFileSync(join(outside, "profile"), "utf8"), "kept\n");
      assert.match(
        errors.join("\n"),
        /leads out of the workspace through a link\. Nothing was written\. Remove the link/,
      );
    });
});
