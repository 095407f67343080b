import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type { BuildOutcome } from "../../src/api/api";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { savedImage } from "../support/savedImage";
import { until } from "../support/until";
import { call, extension, set } from "./extension";

const dockerfile = "FROM scratch\nCOPY . /\n";
const token = `ghp_${"0aZ9bY8cX7dW6eV5fU4g".repeat(2).slice(0, 36)}`;

/** All that the output channels show. */
function output(): string {
  return vscode.workspace.textDocuments
    .flatMap((document) => (document.uri.scheme === "output" ? document.getText() : []))
    .join("\n");
}

/** How often builds have asked. */
function questions(): number {
  return output().split("Waiting for an answer").length - 1;
}

/** Builds a folder without a question, so that a rebuild, which asks, is about it. */
async function built(folder: string): Promise<BuildOutcome> {
  const outcome = await call("buildImage", { folder, imageName: uniqueName() });
  return outcome ?? assert.fail("the build was cancelled");
}

/** Rebuilds, and answers the question with the choice at a place, counted from 0. */
async function rebuild(choice?: number): Promise<BuildOutcome | undefined> {
  const before = questions();
  const building = vscode.commands.executeCommand<BuildOutcome | undefined>("imageBuilders.rebuildImage");
  if (choice === undefined)
    return building.then((outcome) => (assert.equal(questions(), before, "nothing is asked"), outcome));
  await until(() => questions() > before, "the question is asked");
  for (let i = 0; i < choice; i++) await vscode.commands.executeCommand("workbench.action.quickOpenSelectNext");
  await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
  return building;
}

const keepOut = 0;
const doNotBuild = 1;
const sendAnyway = 2;

describe("before an upload", () => {
  before(async () => {
    await extension().activate();
  });
  afterEach(async () => {
    await set("checkSecrets", undefined);
    await set("largeContextMiB", undefined);
  });
  after(removeTemporaryFolders);

  it("a program's build is told of secrets and goes on", async () => {
    const folder = temporaryFolder({
      Dockerfile: dockerfile,
      ".env": "DEBUG=1\n",
      "src/app.py": `# 1\nt = "${token}"\n`,
    });
    const before = questions();
    const { warnings, imageId } = await built(folder);
    assert.deepEqual(warnings, [
      "Possible secrets are sent; anyone with the image can read them: " +
        ".env (usually contains environment variables), src/app.py:2 (a GitHub token).",
    ]);
    assert.match(imageId ?? "", /^sha256:/);
    assert.equal(questions(), before);
    await until(() => output().includes(`WARNING: ${warnings?.[0]}`), "the build's output has the warning");
    assert.ok(!output().includes(token));
  });

  it("a program's build is told of a large context and goes on", async () => {
    await set("largeContextMiB", 0.1);
    const { warnings } = await built(
      temporaryFolder({
        Dockerfile: dockerfile,
        "data/raw.csv": "x".repeat(200_000),
        "data/more.csv": "x".repeat(100_000),
      }),
    );
    assert.deepEqual(warnings, [
      "The build context is large: 300 kB in 3 files. The largest parts are data/ (300 kB).",
    ]);
  });

  it("nothing is said of a harmless context", async () => {
    assert.equal(
      (await built(temporaryFolder({ Dockerfile: dockerfile, ".env.example": "A=", "ca.pem": "" }))).warnings,
      undefined,
    );
  });

  it("a person who keeps a secret out gets a line in the ignore file, and an image without it", async () => {
    const folder = temporaryFolder({
      Dockerfile: dockerfile,
      ".dockerignore": "# mine\n",
      "config/app.json": `{ "token": "${token}" }\n`,
      "config/other.json": "{}\n",
    });
    const { imageName } = await built(folder);
    assert.ok((await savedImage(imageName)).includes(token));
    const outcome = await rebuild(keepOut);
    assert.equal(readFileSync(join(folder, ".dockerignore"), "utf8"), "# mine\nconfig/app.json\n");
    const image = await savedImage(outcome?.imageName ?? "");
    assert.ok(!image.includes(token) && image.includes("other.json"));
    assert.equal(outcome?.warnings, undefined);
  });

  it("an ignore file is made where there is none", async () => {
    const folder = temporaryFolder({ Dockerfile: dockerfile, ".env": "PASSWORD=x\n" });
    await built(folder);
    await rebuild(keepOut);
    assert.equal(readFileSync(join(folder, ".dockerignore"), "utf8"), ".env\n");
  });

  it("a person who does not want to build sends nothing", async () => {
    const folder = temporaryFolder({ Dockerfile: dockerfile, "hello.txt": "1" });
    const { imageId } = await built(folder);
    writeFiles(folder, { ".env": "PASSWORD=x\n" });
    assert.equal(await rebuild(doNotBuild), undefined);
    assert.ok(!existsSync(join(folder, ".dockerignore")));
    await set("checkSecrets", "off");
    writeFiles(folder, { ".dockerignore": ".env\n.dockerignore\n" });
    assert.equal((await rebuild())?.imageId, imageId);
  });

  it("what was agreed to is not asked again, what is new is, and all once it is forgotten", async () => {
    const folder = temporaryFolder({ Dockerfile: dockerfile, ".env": "PASSWORD=x\n" });
    await built(folder);
    assert.equal((await rebuild(sendAnyway))?.warnings?.length, 1);
    writeFiles(folder, { ".env": "PASSWORD=y\nMORE=1\n", "hello.txt": "harmless" });
    assert.equal((await rebuild())?.warnings?.length, 1);
    writeFiles(folder, { id_rsa: "?" });
    assert.match((await rebuild(sendAnyway))?.warnings?.[0] ?? "", /\.env .*id_rsa/);
    await rebuild();
    await vscode.commands.executeCommand("imageBuilders.forgetUploadAnswers", vscode.Uri.file(folder));
    assert.equal(await rebuild(doNotBuild), undefined);
  });

  it("a large context is asked about, and again when it has grown by a good part", async () => {
    await set("largeContextMiB", 0.1);
    const folder = temporaryFolder({ Dockerfile: dockerfile, "data/raw.csv": "x".repeat(200_000) });
    await built(folder);
    await rebuild(sendAnyway);
    writeFiles(folder, { "data/raw.csv": "x".repeat(240_000) });
    await rebuild();
    writeFiles(folder, { "data/raw.csv": "x".repeat(300_000) });
    const outcome = await rebuild(keepOut);
    assert.equal(readFileSync(join(folder, ".dockerignore"), "utf8"), "data/raw.csv\n");
    assert.equal(outcome?.warnings, undefined);
  });

  it("settings make it only warn, or look away", async () => {
    await built(temporaryFolder({ Dockerfile: dockerfile, ".env": "PASSWORD=x\n" }));
    await set("checkSecrets", "warn");
    assert.equal((await rebuild())?.warnings?.length, 1);
    await set("checkSecrets", "off");
    assert.equal((await rebuild())?.warnings, undefined);
  });

  it("a workspace cannot switch it off", async () => {
    const settings = vscode.workspace.getConfiguration("imageBuilders");
    for (const [key, value] of [
      ["checkSecrets", "off"],
      ["largeContextMiB", 0],
    ] as const) {
      await assert.rejects(Promise.resolve(settings.update(key, value, vscode.ConfigurationTarget.Workspace)));
    }
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail("no folder is open");
    writeFiles(root, {
      ".vscode/settings.json": '{ "imageBuilders.checkSecrets": "off", "imageBuilders.tagTemplate": "known" }',
    });
    await until(
      () => vscode.workspace.getConfiguration("imageBuilders").get("tagTemplate") === "known",
      "the workspace's settings are read",
    );
    const { warnings } = await built(temporaryFolder({ Dockerfile: dockerfile, ".env": "PASSWORD=x\n" }));
    await vscode.workspace.fs.delete(vscode.Uri.file(join(root, ".vscode/settings.json")));
    assert.equal(warnings?.length, 1);
  });

  it("a cancelled build takes its question away", async () => {
    await built(temporaryFolder({ Dockerfile: dockerfile, ".env": "PASSWORD=x\n" }));
    const before = questions();
    const building = vscode.commands.executeCommand("imageBuilders.rebuildImage");
    await until(() => questions() > before, "the question is asked");
    await vscode.commands.executeCommand("imageBuilders.cancelBuild");
    assert.equal(await building, undefined);
  });
});
