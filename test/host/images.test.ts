import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type { BuildOutcome } from "../../src/api/api";
import type { ImageCheck } from "../../src/core/jobs/checkImage";
import { plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { until } from "../support/until";
import { extension, marksOn, set } from "./extension";
import { callSpec, platform, previewOf, specText } from "./specs";

describe("an image spec", () => {
  before(async () => {
    await extension().activate();
    await set("registries", [{ name: "test", flavor: "default", configuration: { uri: plainRegistry() } }]);
  });
  after(async () => {
    await set("registries", undefined);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    removeTemporaryFolders();
  });

  it("is built and pushed to the only registry once, and again only after a byte changed [F99][F107]", async () => {
    const root = temporaryFolder({ "a.txt": "1" });
    const spec = join(root, "app.image.yaml");
    writeFiles(root, { "app.image.yaml": specText(uniqueName(), ["sourceFile: a.txt"]) });
    const first = await callSpec("buildAndPushImageSpec", { spec });
    assert.equal(first?.exists, undefined);
    assert.match(first?.imageName ?? "", new RegExp(`^${plainRegistry()}/app-[0-9a-f]{8}:[0-9a-f]{64}$`));
    assert.equal(first?.repoDigest?.split("@")[1], await registryDigest(first?.imageName ?? ""));

    const again = await callSpec("buildAndPushImageSpec", { spec });
    assert.deepEqual([again?.exists, again?.repoDigest], [true, first?.repoDigest]);
    assert.equal((await callSpec("buildAndPushImageSpec", { spec, force: true }))?.exists, undefined);

    writeFiles(root, { "a.txt": "2" });
    const changed = await callSpec("buildAndPushImageSpec", { spec });
    assert.equal(changed?.exists, undefined);
    assert.notEqual(changed?.imageName, first?.imageName);
  });

  it("is built into the daemon without a registry's name, and a dry run tells the Dockerfile [F102]", async () => {
    const root = temporaryFolder({
      "app.image.json": JSON.stringify({
        from: { base: "busybox:1.35" },
        clone: { name: uniqueName(), platform },
        layers: [{ workdir: "/app" }],
      }),
    });
    const spec = vscode.Uri.file(join(root, "app.image.json"));
    const dry = await callSpec("buildImageSpec", { spec, dryRun: true });
    assert.match(dry?.dockerfile ?? "", /^FROM busybox:1\.35\n\nWORKDIR \/app\n/);
    const built = await callSpec("buildImageSpec", { spec });
    assert.equal(built?.imageName, dry?.imageName);
    assert.match(built?.imageId ?? "", /^sha256:/);
    assert.equal((await callSpec("buildImageSpec", { spec }))?.exists, true);
  });

  it("has its refName from the settings, and says which there are [F13][F14]", async () => {
    const root = temporaryFolder({
      "app.image.yaml":
        `from: { refName: base }\nclone: { name: ${uniqueName()}, platform: ${platform} }\n` +
        "layers: [{ workdir: /app }]\n",
    });
    const spec = join(root, "app.image.yaml");
    await assert.rejects(
      callSpec("buildImageSpec", { spec, dryRun: true }),
      /no image is configured under the name "base"/,
    );
    await set("images", { base: "busybox:1.35", other: "x:1" });
    const { dockerfile } =
      (await callSpec("buildImageSpec", { spec, dryRun: true }).finally(() => set("images", undefined))) ?? {};
    assert.match(dockerfile ?? "", /^FROM busybox:1\.35\n/);
  });

  it("is rendered as the settings say", async () => {
    const root = temporaryFolder({ "app.image.yaml": specText(uniqueName(), ["pipPackages: httpx"]) });
    const text = async (): Promise<string> =>
      (await callSpec("buildImageSpec", { spec: join(root, "app.image.yaml"), dryRun: true }))?.dockerfile ?? "";
    assert.match(await text(), /^FROM ghcr\.io\/astral-sh\/uv:\S+ AS uv\n[^]*uv pip install/);
    await set("pythonInstaller", "pip");
    await set("dockerfileSyntax", "docker/dockerfile:1.10");
    const other = await text().finally(async () => {
      await set("pythonInstaller", undefined);
      await set("dockerfileSyntax", undefined);
    });
    assert.match(other, /^# syntax=docker\/dockerfile:1\.10\n[^]*pip --python \/opt\/venv\/bin\/python install/);
  });

  it("rejects with what is wrong in it", async () => {
    const root = temporaryFolder({ "app.image.yaml": specText("app", ["wrokdir: /app"]) });
    await assert.rejects(callSpec("buildImageSpec", { spec: join(root, "app.image.yaml") }), /wrokdir/);
    await assert.rejects(
      callSpec("buildImageSpec", { spec: join(root, "gone.image.yaml") }),
      /Can't find the image spec/,
    );
  });

  it("takes builders and registries by name, and says which there are [F109]", async () => {
    const root = temporaryFolder({ "app.image.yaml": specText("app", ["workdir: /app"]) });
    const spec = join(root, "app.image.yaml");
    await assert.rejects(
      callSpec("buildImageSpec", { spec, builder: "flytex" }),
      /no entry named "flytex"\. Existing entries: "local"/,
    );
    await assert.rejects(
      callSpec("buildAndPushImageSpec", { spec, registry: "other" }),
      /no entry named "other"\. Existing entries: "test"/,
    );
    await set("registries", []);
    await assert.rejects(
      callSpec("buildAndPushImageSpec", { spec }).finally(() =>
        set("registries", [{ name: "test", flavor: "default", configuration: { uri: plainRegistry() } }]),
      ),
      /no registry to push "app" to/,
    );
  });

  it("has the layer marked whose step failed", async () => {
    const root = temporaryFolder({
      "app.image.yaml": specText(uniqueName(), [
        "workdir: /app",
        "commands:\n      - echo one\n      - echo oh dear; exit 7",
        "workdir: /else",
      ]),
    });
    const spec = join(root, "app.image.yaml");
    await assert.rejects(callSpec("buildImageSpec", { spec }), /exit code: 7|non-zero code: 7/);
    const [mark] = marksOn(spec);
    assert.deepEqual([mark?.range.start.line, mark?.range.end.line], [7, 9]);
    await vscode.commands.executeCommand("imageBuilders.openDockerfile");
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, spec);
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, 7);
  });

  it("has its Dockerfile beside it, which follows what is typed and what is saved beside it", async () => {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail("no folder is open");
    writeFiles(root, { "live/live.image.yaml": specText("live", ["workdir: /app"]), "live/a.txt": "1" });
    const spec = join(root, "live/live.image.yaml");
    const document = await vscode.workspace.openTextDocument(spec);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("imageBuilders.previewDockerfile", document.uri);
    assert.match(previewOf(spec) ?? "", /WORKDIR \/app\n/);
    const preview = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "image-builders-spec");
    assert.equal(preview?.languageId, "dockerfile");
    assert.equal(preview && vscode.languages.getDiagnostics(preview.uri).length, 0);

    const type = async (text: string): Promise<void> => {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(document.lineCount, 0), text);
      await vscode.workspace.applyEdit(edit);
    };
    await type("  - sourceFile: a.txt\n");
    await until(() => previewOf(spec)?.includes("COPY a.txt ./") === true, "the preview has the new layer");
    const before = previewOf(spec);
    await type("  - broken: 1\n");
    await until(
      () => previewOf(spec)?.startsWith("# live/live.image.yaml, line 9: ") === true,
      "the preview says what is wrong",
    );
    assert.ok(previewOf(spec)?.endsWith(before ?? "-"), "and keeps the last that was right");
    await vscode.commands.executeCommand("undo");
    await until(() => previewOf(spec) === before, "the preview is right again");
    await document.save();

    const file = await vscode.workspace.openTextDocument(join(root, "live/a.txt"));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(file.uri, new vscode.Position(0, 0), "2");
    await vscode.workspace.applyEdit(edit);
    await file.save();
    await until(() => previewOf(spec) !== before, "another content is another tag");
    rmSync(join(root, "live"), { recursive: true });
  });

  it("tells what a build would send", async () => {
    const root = temporaryFolder({
      "app.image.yaml": specText("app", ["sourceFolder: proj"]),
      "proj/a.txt": "12345",
      "proj/b.log": "",
      ".dockerignore": "**/*.log\n",
    });
    const spec = join(root, "app.image.yaml");
    await vscode.commands.executeCommand("imageBuilders.previewImageContext", vscode.Uri.file(spec));
    assert.equal(previewOf(spec), "# A build sends the Dockerfile and 1 file · 5 B:\n5 B  proj/a.txt\n");
  });

  it("is checked for its packages and its size once it is built", async () => {
    const root = temporaryFolder({ "app.image.yaml": specText(uniqueName(), ["commands: echo 1 > /one"]) });
    const spec = vscode.Uri.file(join(root, "app.image.yaml"));
    const check = (): Thenable<ImageCheck> => vscode.commands.executeCommand("imageBuilders.checkImageSpec", spec);
    await callSpec("buildAndPushImageSpec", { spec });
    const { packages, python, layers = [] } = await check();
    assert.deepEqual([packages, python], [[], undefined]);
    assert.ok(layers.some(({ createdBy, sizeBytes }) => createdBy.includes("echo 1 > /one") && sizeBytes > 0));
  });

  it("is pinned to the digest of its base as one change that can be undone", async () => {
    const base = `${plainRegistry()}/${uniqueName("base")}:1`;
    const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nLABEL a=1\n" });
    await vscode.commands.executeCommand("imageBuilders.buildAndPushImage", { folder: root, imageName: base });
    const text = specText("app", ["workdir: /app"]).replace("busybox:1.35", base);
    writeFiles(root, { "app.image.yaml": text });
    const spec = vscode.Uri.file(join(root, "app.image.yaml"));
    const pinned = `${base}@${await registryDigest(base)}`;
    assert.equal(await vscode.commands.executeCommand("imageBuilders.pinBaseImage", spec), pinned);
    const { document } = vscode.window.activeTextEditor ?? {};
    assert.equal(document?.uri.toString(), spec.toString());
    assert.equal(document.getText(), text.replace(base, pinned));
    assert.equal(document.isDirty, true);
    assert.equal(await vscode.commands.executeCommand("imageBuilders.pinBaseImage", spec), pinned);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      spec,
      document.lineAt(1).range,
    );
    assert.ok(actions.some(({ command }) => command?.command === "imageBuilders.pinBaseImage"));
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), text);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  it("gives its address", async () => {
    const root = temporaryFolder({ "app.image.yaml": specText("app", ["workdir: /app"]) });
    const uri = await vscode.commands.executeCommand<string>(
      "imageBuilders.copyImageUri",
      vscode.Uri.file(join(root, "app.image.yaml")),
    );
    assert.match(uri, new RegExp(`^${plainRegistry()}/app:[0-9a-f]{64}$`));
    assert.equal(await vscode.env.clipboard.readText(), uri);
  });

  it("becomes a Dockerfile that builds the same, and a Dockerfile becomes a spec", async () => {
    const root = temporaryFolder({
      "app.image.yaml": specText("app", ["workdir: /app", "codeBundle: { copyStyle: all }"]),
      "main.py": "print(1)\n",
      "x.pyc": "",
    });
    const dockerfile = await vscode.commands.executeCommand<vscode.Uri>(
      "imageBuilders.convertToDockerfile",
      vscode.Uri.file(join(root, "app.image.yaml")),
    );
    assert.equal(readFileSync(dockerfile.fsPath, "utf8"), "FROM busybox:1.35\n\nWORKDIR /app\n\nCOPY . .\n");
    assert.ok(existsSync(`${dockerfile.fsPath}.dockerignore`));
    const built = await vscode.commands.executeCommand<BuildOutcome>("imageBuilders.buildImage", {
      folder: root,
      dockerfile: dockerfile.fsPath,
      imageName: uniqueName(),
    });
    assert.match(built.imageId ?? "", /^sha256:/);

    const other = temporaryFolder({ "web/Dockerfile": "FROM busybox:1.35\nCMD sh\n" });
    const spec = await vscode.commands.executeCommand<vscode.Uri>(
      "imageBuilders.convertToImageSpec",
      vscode.Uri.file(join(other, "web/Dockerfile")),
    );
    assert.equal(spec.fsPath, join(other, "web/web.image.yaml"));
    assert.equal(
      (await callSpec("buildAndPushImageSpec", { spec }))?.repoDigest?.startsWith(`${plainRegistry()}/web@sha256:`),
      true,
    );
  });

  it("that a Dockerfile becomes names the account at Docker Hub, which settings may have alone", async () => {
    await set("registries", [{ name: "hub", flavor: "dockerhub", configuration: { uri: "zenml" } }]);
    const root = temporaryFolder({ "web/Dockerfile": "FROM busybox:1.35\nCMD sh\n" });
    const spec = await vscode.commands.executeCommand<vscode.Uri>(
      "imageBuilders.convertToImageSpec",
      vscode.Uri.file(join(root, "web/Dockerfile")),
    );
    await set("registries", [{ name: "test", flavor: "default", configuration: { uri: plainRegistry() } }]);
    assert.match(readFileSync(spec.fsPath, "utf8"), /registry: docker\.io\/zenml$/m);
  });

  it("has what can be done with it above it", async () => {
    const root = temporaryFolder({ "app.image.yaml": specText("app", ["workdir: /app"]) });
    const uri = vscode.Uri.file(join(root, "app.image.yaml"));
    await vscode.workspace.openTextDocument(uri);
    const lenses = async (): Promise<(string | undefined)[]> =>
      (await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri)).map(
        ({ command }) => command?.title,
      );
    const first = await lenses();
    for (const [i, title] of ["Build and Push", "Build", "Preview Dockerfile"].entries())
      assert.ok(first[i]?.endsWith(title), title);
    await until(
      async () => (await lenses()).some((title) => title?.endsWith("is not built yet")),
      "the image is looked up",
    );
    assert.match((await lenses()).at(-1) ?? "", /app:[0-9a-f]{12}… is not built yet$/);
  });
});
