import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { until } from "../support/until";
import { extension, set } from "./extension";
import { actionsAt, closeAll, codesIn, fileIn, findingIn, findingsIn, show, write } from "./findingsIn";
import { MemoryFileSystem } from "./memoryFileSystem";

const app = { Dockerfile: "FROM scratch\nCOPY . /\n", "src/app.js": "1", "package.json": "{}" };

describe("findings in ignore files and Dockerfiles", () => {
  before(() => extension().activate());
  afterEach(async () => {
    await closeAll();
    await set("findings", undefined);
  });
  after(removeTemporaryFolders);

  /** Waits for exactly these findings. */
  async function soon(uri: vscode.Uri, codes: readonly string[]): Promise<void> {
    await until(() => codesIn(uri).join() === codes.join(), "").catch(() => assert.deepEqual(codesIn(uri), codes));
  }

  for (const name of [
    ".dockerignore",
    ".containerignore",
    "web.dockerignore",
    "Dockerfile.dockerignore",
    "Containerfile.dockerignore",
  ]) {
    it(`are looked for in ${name}, which is of the language of ignore files`, async () => {
      const uri = fileIn(temporaryFolder({ ...app, [name]: "src\n../x\n" }), name);
      assert.equal((await show(uri)).languageId, "ignore");
      await findingIn(uri, "never-matches");
    });
  }

  it("come and go while typing, without a save", async () => {
    const uri = fileIn(temporaryFolder({ ...app, ".dockerignore": "src\n" }), ".dockerignore");
    const document = await show(uri);
    await write(document, "src\nsrc\n");
    await soon(uri, ["duplicate-line"]);
    assert.ok(document.isDirty);
    await write(document, "src\n[\n");
    await soon(uri, ["invalid-pattern"]);
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await until(() => document.getText() === "src\n", "the file is reverted");
    await soon(uri, []);
  });

  it("are of the text that is there, however fast it changes", async () => {
    const files = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`lib/${i}.txt`, "1"]));
    const uri = fileIn(temporaryFolder({ ...app, ...files, ".dockerignore": "src\n" }), ".dockerignore");
    const document = await show(uri);
    for (let i = 1; i <= 60; i++) {
      await write(document, `${"# a line\n".repeat(i % 7)}lib/${"x".repeat(i)}.sql\n`);
      await new Promise((resolve) => setTimeout(resolve, i % 5 === 0 ? 60 : 5));
    }
    const told = (): string | undefined => findingsIn(uri, "matches-nothing")[0]?.message;
    await until(
      () => told()?.startsWith(`"lib/${"x".repeat(60)}.sql" matches nothing`) === true,
      "the last text is linted",
    );
    assert.deepEqual(
      findingsIn(uri).map(({ range }) => document.getText(range)),
      [`lib/${"x".repeat(60)}.sql`],
    );
  });

  it("follow files that come and go", async () => {
    const root = temporaryFolder({ ...app, ".dockerignore": "assets.sql\n" });
    const uri = fileIn(root, ".dockerignore");
    await show(uri);
    await soon(uri, ["matches-nothing"]);
    writeFiles(root, { "assets.sql": "1" });
    await soon(uri, []);
    rmSync(join(root, "assets.sql"));
    await soon(uri, ["matches-nothing"]);
    writeFiles(root, { "new/deep/.env": "A=1" });
    await soon(uri, ["matches-nothing", "secret-sent"]);
    rmSync(join(root, "new"), { recursive: true });
    await soon(uri, ["matches-nothing"]);
  });

  it("are shown in tabs behind others, and no longer once those are closed", async () => {
    const root = temporaryFolder({ ...app, ".dockerignore": "../x\n", "old.dockerignore": "../y\n" });
    const [first, second] = [fileIn(root, ".dockerignore"), fileIn(root, "old.dockerignore")];
    await show(first);
    await show(second);
    await findingIn(first, "never-matches");
    await findingIn(second, "never-matches");
    const tab = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find(({ input }) => input instanceof vscode.TabInputText && input.uri.path === first.path);
    assert.ok(tab && (await vscode.window.tabGroups.close(tab)));
    await soon(first, []);
    await findingIn(second, "never-matches");
  });

  it("stand on the Dockerfile while its ignore file is edited, and on an open Dockerfile alone", async () => {
    const root = temporaryFolder({
      ...app,
      Dockerfile: "FROM scratch\nCOPY package.json /\n",
      ".dockerignore": "src\n../x\n",
    });
    const [ignoreFile, dockerfile] = [fileIn(root, ".dockerignore"), fileIn(root, "Dockerfile")];
    const document = await show(ignoreFile);
    await write(document, "*.json\n../x\n");
    const finding = await findingIn(dockerfile, "copy-source-excluded");
    assert.deepEqual(
      finding.relatedInformation?.map(({ location }) => [location.uri.toString(), location.range.start.line]),
      [[ignoreFile.toString(), 0]],
    );
    await document.save();
    await show(dockerfile);
    await vscode.window.tabGroups.close(
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ label }) => label === ".dockerignore"),
    );
    await soon(ignoreFile, []);
    await findingIn(dockerfile, "copy-source-excluded");
    await closeAll();
    await soon(dockerfile, []);
  });

  it("count a Dockerfile's own ignore file as soon as it is there", async () => {
    const root = temporaryFolder({
      ...app,
      Dockerfile: "FROM scratch\nCOPY package.json /\n",
      ".dockerignore": "*.json\n",
    });
    const dockerfile = fileIn(root, "Dockerfile");
    await show(dockerfile);
    await findingIn(dockerfile, "copy-source-excluded");
    writeFiles(root, { "Dockerfile.dockerignore": "src\n" });
    await soon(dockerfile, []);
    rmSync(join(root, "Dockerfile.dockerignore"));
    await findingIn(dockerfile, "copy-source-excluded");
  });

  it("have the severity of the settings, at once", async () => {
    const uri = fileIn(temporaryFolder({ ...app, ".dockerignore": "src\nsrc\n" }), ".dockerignore");
    await show(uri);
    assert.equal((await findingIn(uri, "duplicate-line")).severity, vscode.DiagnosticSeverity.Hint);
    await set("findings", { "duplicate-line": "error" });
    await until(
      () => findingsIn(uri, "duplicate-line")[0]?.severity === vscode.DiagnosticSeverity.Error,
      "it is an error",
    );
    await set("findings", { "duplicate-line": "off" });
    await soon(uri, []);
  });

  it("are silenced by a comment that is offered, and severities are one click away", async () => {
    const uri = fileIn(temporaryFolder({ ...app, ".dockerignore": "src\n../x\n" }), ".dockerignore");
    const document = await show(uri);
    const actions = await actionsAt(uri, await findingIn(uri, "never-matches"));
    const silence = actions.find(({ title }) => title.startsWith("Suppress"));
    assert.ok(silence?.edit && (await vscode.workspace.applyEdit(silence.edit)));
    assert.equal(document.getText(), "src\n# image-builders-ignore: never-matches\n../x\n");
    await soon(uri, []);
    const severity = actions.find(({ title }) => title.startsWith("Change the severity"));
    assert.deepEqual(severity?.command?.arguments, ["imageBuilders.findings"]);
  });

  it("of several files are fixed at once, as each would be alone, and no two fixes read alike", async () => {
    const secrets = { id_rsa: "key", "deploy/server.key": "key", "web/.env": "A=b" };
    const files = { ...app, ...secrets, Dockerfile: "FROM scratch\nCOPY . /\n", ".dockerignore": "docs\ndocs\n" };
    const uri = fileIn(temporaryFolder(files), ".dockerignore");
    const document = await show(uri);
    await until(() => findingsIn(uri, "secret-sent").length >= 2, "the secrets are found");
    const [secret] = findingsIn(uri, "secret-sent");
    assert.ok(secret);
    const actions = await actionsAt(uri, secret);
    const titles = actions.map(({ title }) => title);
    assert.equal(new Set(titles).size, titles.length, titles.join("; "));
    // The rule for "docs" stays: without it, a new folder of that name would be sent.
    assert.ok(
      titles.some((title) => title.startsWith("Fix 4 of 5 problems in this file: stops sending 3 files, 9 B")),
      titles.join("; "),
    );
    const all = actions.find(({ title }) => title.startsWith("Exclude all secrets: stops sending 3 files, 9 B"));
    assert.ok(all?.edit && (await vscode.workspace.applyEdit(all.edit)), titles.join("; "));
    await document.save();
    await until(() => findingsIn(uri, "secret-sent").length === 0, "no secret is sent");
    assert.match(document.getText(), /^docs\ndocs\n/);
  });

  it("mark a line that can go as unnecessary", async () => {
    const uri = fileIn(temporaryFolder({ ...app, ".dockerignore": "src\nsrc\n" }), ".dockerignore");
    await show(uri);
    assert.deepEqual((await findingIn(uri, "duplicate-line")).tags, [vscode.DiagnosticTag.Unnecessary]);
  });

  it("are told of folders that are on no disk", async () => {
    const files = {
      "/app/Dockerfile": "FROM scratch\nCOPY . /\n",
      "/app/.dockerignore": "*.md\nnode_modules\n",
      "/app/web/node_modules/x.js": "12345",
    };
    const provider = vscode.workspace.registerFileSystemProvider("image-builders-test", new MemoryFileSystem(files));
    try {
      const uri = vscode.Uri.from({ scheme: "image-builders-test", path: "/app/.dockerignore" });
      const document = await show(uri);
      const finding = await findingIn(uri, "matches-only-at-root");
      const action = (await actionsAt(uri, finding)).find(
        ({ title }) =>
          title ===
          'Replace with "**/node_modules": stops sending 1 file, 5 B; no other changes — web/node_modules/x.js',
      );
      assert.ok(action?.edit && (await vscode.workspace.applyEdit(action.edit)));
      await document.save();
      await soon(uri, []);
      await vscode.workspace.fs.writeFile(uri.with({ path: "/app/deploy/id_rsa" }), Buffer.from("key"));
      await soon(uri, ["secret-sent"]);
      await closeAll();
    } finally {
      provider.dispose();
    }
  });
});
