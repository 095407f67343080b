import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { uniqueName } from "../support/engine";
import { until } from "../support/until";
import { extension, problemsOn } from "./extension";
import { closeAll } from "./findingsIn";

/** A file with a mistake, the same without it, and what is said of the mistake. */
interface Kind {
  readonly file: string;
  readonly wrong: string;
  readonly right: string;
  readonly says: RegExp;
  /** Further files of the folder. */
  readonly beside?: Readonly<Record<string, string>>;
}

const spec = (name: string): string => `from: { base: busybox }\nclone: { name: ${JSON.stringify(name)} }\n`;
const module = (name: string): string =>
  `import { Image } from "image-builders";\nexport default Image.fromBase("busybox").clone({ name: "${name}" });\n`;

const kinds: readonly Kind[] = [
  {
    file: "app.image.yaml",
    wrong: spec("[q](command:workbench.action.quit)$(trash)"),
    right: spec("app"),
    says: /is not a valid image name/,
  },
  {
    file: "app.image.json",
    wrong: '{ "from": { "base": "a b" } }\n',
    right: '{ "from": { "base": "a" } }\n',
    says: /is not a valid image name/,
  },
  { file: "app.image.mjs", wrong: module("A B"), right: module("app"), says: /is not a valid image name/ },
  { file: ".dockerignore", wrong: "[\n", right: "a\n", says: /\[/ },
  {
    file: "Dockerfile",
    wrong: "FROM scratch\nCOPY app.js /\n",
    right: "FROM scratch\n",
    says: /app\.js/,
    beside: { ".dockerignore": "app.js\n", "app.js": "1" },
  },
];

/** Opens a file as a click in the Explorer does: its tab comes before its text has been read. */
function click(file: string): Thenable<unknown> {
  return vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file));
}

function isTold(file: string, says: RegExp): boolean {
  return problemsOn(file).some(({ message }) => says.test(message));
}

describe("a file that another program creates while the window is open", () => {
  before(() => extension().activate());
  afterEach(closeAll);
  after(() => {
    for (const root of created) rmSync(root, { recursive: true, force: true });
    removeTemporaryFolders();
  });
  const created: string[] = [];

  for (const { file: name, wrong, right, says, beside } of kinds) {
    for (const [where, isInWorkspace] of [
      ["in the workspace", true],
      ["elsewhere, where nothing watches", false],
    ] as const) {
      it(`has its findings once it is opened: ${name}, ${where}`, async () => {
        const root = isInWorkspace ? inWorkspace() : temporaryFolder();
        writeFiles(root, { ...beside, [name]: wrong });
        const file = join(root, name);
        await click(file);
        await until(() => isTold(file, says), `the findings of ${name}`);
      });
    }

    it(`has those of its new text when it is written again, as by git checkout: ${name}`, async () => {
      const root = inWorkspace();
      writeFiles(root, { ...beside, [name]: right });
      const file = join(root, name);
      await click(file);
      await until(() => vscode.window.activeTextEditor?.document.uri.fsPath === file, "it is shown");
      writeFiles(root, { [name]: wrong });
      await until(() => isTold(file, says), `the findings of ${name}`);
      writeFiles(root, { [name]: right });
      await until(() => !isTold(file, says), `no findings of ${name}`);
    });
  }

  it("is found although files come and go all the time", async () => {
    const root = inWorkspace();
    writeFiles(root, { "app.image.yaml": spec("app") });
    const file = join(root, "app.image.yaml");
    await click(file);
    let turn = 0;
    const churn = setInterval(() => writeFiles(root, { [`churn/${turn++}.txt`]: "1" }), 20);
    try {
      writeFiles(root, { "app.image.yaml": spec("A B") });
      await until(() => isTold(file, /is not a valid image name/), "the findings");
    } finally {
      clearInterval(churn);
    }
  });

  function inWorkspace(): string {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const root = join(folder?.uri.fsPath ?? assert.fail("no folder is open"), uniqueName("created"));
    created.push(root);
    return root;
  }
});
