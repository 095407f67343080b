import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import { given, plainRegistry, registryDigest, runningContainers, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { until } from "../support/until";
import { call, extension, marksOn, problemsOn, set } from "./extension";

const hello = { Dockerfile: "FROM scratch\nCOPY hello.txt /\n", "hello.txt": "hello\n" };

/** A build that does not end by itself, and what it says once its step runs. */
function endless(): { readonly folder: string; readonly sign: string } {
  const sign = uniqueName("begun");
  return {
    folder: temporaryFolder({ Dockerfile: `FROM busybox:1.35\nRUN echo ${sign} | tr a-z A-Z && sleep 600\n` }),
    sign: sign.toUpperCase(),
  };
}

/** What BuildKit's checks say of a file; our own findings of a short Dockerfile are hints. */
function warningsOn(file: string): vscode.Diagnostic[] {
  return problemsOn(file)
    .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Warning)
    .sort((a, b) => a.range.start.compareTo(b.range.start));
}

/** Whether the output channel, which a build shows, has a text. */
function outputHas(text: string): boolean {
  return vscode.workspace.textDocuments.some(({ uri, getText }) => uri.scheme === "output" && getText().includes(text));
}

describe("a build by command", () => {
  before(async () => {
    await extension().activate();
    await set("registries", [{ name: "test", flavor: "default", configuration: { uri: plainRegistry() } }]);
  });
  after(async () => {
    await set("registries", undefined);
    removeTemporaryFolders();
  });

  it("pushes, and returns the digest that the registry tells", async () => {
    const name = uniqueName();
    const outcome = await call("buildAndPushImage", { folder: temporaryFolder(hello), imageName: `${name}:1` });
    const imageName = `${plainRegistry()}/${name}:1`;
    const digest = await registryDigest(imageName);
    assert.match(digest ?? "", /^sha256:[0-9a-f]{64}$/);
    assert.equal(outcome?.imageName, imageName);
    assert.equal(outcome?.repoDigest, `${plainRegistry()}/${name}@${digest}`);
    assert.match(outcome?.imageId ?? "", /^sha256:[0-9a-f]{64}$/);
    assert.ok(outcome && outcome.durationMs > 0);
  });

  it("without a push returns the image's id", async () => {
    const outcome = await call("buildImage", {
      folder: vscode.Uri.file(temporaryFolder(hello)),
      imageName: uniqueName(),
    });
    assert.match(outcome?.imageId ?? "", /^sha256:/);
    assert.match(outcome?.imageName ?? "", /:latest$/);
    assert.equal(outcome?.repoDigest, undefined);
  });

  it("of a row is not the last one in its place, if VS Code no longer knows the row", async () => {
    const { showInformationMessage } = vscode.window;
    const told: string[] = [];
    Object.assign(vscode.window, { showInformationMessage: async (text: string) => void told.push(text) });
    try {
      await vscode.env.clipboard.writeText("before");
      await vscode.commands.executeCommand("imageBuilders.copyDigest", undefined, undefined);
      assert.equal(await vscode.env.clipboard.readText(), "before");
      assert.deepEqual(told, ["This row has just changed. Run the command again."]);
      // In a title, no row may have the focus.
      await vscode.commands.executeCommand("imageBuilders.refreshBuildContext", undefined, undefined);
      assert.equal(told.length, 1);
    } finally {
      Object.assign(vscode.window, { showInformationMessage });
    }
  });

  it("pushes every name, with variables replaced", async () => {
    const name = uniqueName();
    const outcome = await call("buildAndPushImage", {
      folder: temporaryFolder(hello),
      imageName: `${name}:\${date}, ${name}`,
      registry: "test",
    });
    const today = new Date().toISOString().slice(0, 10);
    assert.equal(outcome?.imageName, `${plainRegistry()}/${name}:${today}`);
    assert.equal(await registryDigest(`${plainRegistry()}/${name}:latest`), outcome?.repoDigest?.split("@")[1]);
  });

  it("takes the workspace's folder where none is named, and paths relative to it", async () => {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail("no folder is open");
    writeFiles(root, { "sub/docker/My.Dockerfile": hello.Dockerfile, "sub/hello.txt": "x" });
    const outcome = await call("buildImage", {
      folder: "sub",
      dockerfile: "docker/My.Dockerfile",
      imageName: uniqueName(),
    });
    assert.match(outcome?.imageId ?? "", /^sha256:/);
  });

  it("builds again with the same answers", async () => {
    const root = temporaryFolder(hello);
    const first = await call("buildAndPushImage", { folder: root, imageName: uniqueName() });
    writeFiles(root, { "hello.txt": "changed\n" });
    const second = await vscode.commands.executeCommand<typeof first>("imageBuilders.rebuildImage");
    assert.equal(second?.imageName, first?.imageName);
    assert.notEqual(second?.repoDigest, first?.repoDigest);
    assert.equal(await registryDigest(second?.imageName ?? ""), second?.repoDigest?.split("@")[1]);
  });

  it("copies the digest of the last push", async () => {
    const outcome = await call("buildAndPushImage", { folder: temporaryFolder(hello), imageName: uniqueName() });
    await vscode.commands.executeCommand("imageBuilders.copyDigest");
    assert.equal(await vscode.env.clipboard.readText(), outcome?.repoDigest);
  });

  it("that fails rejects with the reason and marks the line, until the file is edited", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\n\n# comment\n  RUN true \\\n    && exit 3\n" });
    const file = join(root, "Dockerfile");
    await assert.rejects(
      call("buildImage", { folder: root, imageName: uniqueName() }),
      /RUN true.*exit 3|exit code: 3|returned a non-zero code: 3/s,
    );
    const [mark, ...more] = marksOn(file);
    assert.equal(more.length, 0);
    assert.deepEqual(
      [mark?.range.start.line, mark?.range.start.character, mark?.range.end.line, mark?.range.end.character],
      [3, 2, 4, 13],
    );
    assert.equal(mark?.severity, vscode.DiagnosticSeverity.Error);
    assert.match(mark?.message ?? "", /^The build failed at ".*RUN true/);

    const edit = new vscode.WorkspaceEdit();
    edit.insert(vscode.Uri.file(file), new vscode.Position(0, 0), "# new\n");
    await vscode.workspace.applyEdit(edit);
    await until(() => marksOn(file).length === 0, "the mark goes with an edit");
  });

  it("takes the mark away when the next one starts", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY absent /\n" });
    await assert.rejects(call("buildImage", { folder: root, imageName: uniqueName() }), /absent/);
    assert.equal(marksOn(join(root, "Dockerfile"))[0]?.range.start.line, 1);
    writeFiles(root, { absent: "x" });
    await call("buildImage", { folder: root, imageName: uniqueName() });
    assert.deepEqual(marksOn(join(root, "Dockerfile")), []);
  });

  it("shows BuildKit's checks in Problems, with their names and pages, until the next one starts", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35 as one\n\n  ENV A 1\nMAINTAINER me\n" });
    const file = join(root, "Dockerfile");
    await set("dockerHost", given("IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST"));
    try {
      await call("buildImage", { folder: root, imageName: uniqueName() });
      const warnings = warningsOn(file);
      assert.deepEqual(
        warnings.map(({ range, severity, code }) => [
          range.start.line,
          range.start.character,
          range.end.character,
          severity,
          typeof code === "object" ? code.value : code,
        ]),
        [
          [0, 0, 24, vscode.DiagnosticSeverity.Warning, "FromAsCasing"],
          [2, 2, 9, vscode.DiagnosticSeverity.Warning, "LegacyKeyValueFormat"],
          [3, 0, 13, vscode.DiagnosticSeverity.Warning, "MaintainerDeprecated"],
        ],
      );
      for (const { code } of warnings)
        assert.match(typeof code === "object" ? code.target.toString() : "", /^https:\/\/docs\.docker\.com\//);
      writeFiles(root, { Dockerfile: "FROM busybox:1.35 AS one\n" });
      await call("buildImage", { folder: root, imageName: uniqueName() });
      assert.deepEqual(warningsOn(file), []);
    } finally {
      await set("dockerHost", undefined);
    }
  });

  it("marks a broken ignore file, until it is fixed", async () => {
    const root = temporaryFolder({ ...hello, ".dockerignore": "a\n[\n" });
    const file = join(root, ".dockerignore");
    await assert.rejects(call("buildImage", { folder: root, imageName: uniqueName() }), /\.dockerignore/);
    assert.deepEqual(
      marksOn(file).map(({ range }) => range.start.line),
      [1],
    );
    writeFiles(root, { ".dockerignore": "a\n" });
    await call("buildImage", { folder: root, imageName: uniqueName() });
    assert.deepEqual(marksOn(file), []);
  });

  it("is cancelled at once, returns nothing, and leaves nothing running", async () => {
    const { folder, sign } = endless();
    const containers = await runningContainers();
    const building = call("buildImage", { folder, imageName: uniqueName() });
    await until(() => outputHas(sign), "the step runs");
    await vscode.commands.executeCommand("imageBuilders.cancelBuild");
    assert.equal(await building, undefined);
    await until(() => outputHas("Build canceled."), "the log says so");
    await until(async () => (await runningContainers()) <= containers, "the daemon stops the step");
  });

  it("of a Dockerfile that is being built is refused; other folders build side by side", async () => {
    const { folder, sign } = endless();
    const first = call("buildImage", { folder, imageName: uniqueName() });
    await until(() => outputHas(sign), "the step runs");
    await assert.rejects(
      call("buildImage", { folder, imageName: uniqueName() }),
      /is already being built.*Wait for that build or cancel it/,
    );
    const other = await call("buildImage", { folder: temporaryFolder(hello), imageName: uniqueName() });
    assert.match(other?.imageId ?? "", /^sha256:/);
    await vscode.commands.executeCommand("imageBuilders.cancelBuild");
    assert.equal(await first, undefined);
  });

  const refusals: readonly {
    readonly truth: string;
    readonly args: Parameters<typeof call>[1];
    readonly message: RegExp;
  }[] = [
    { truth: "a name in capitals", args: { imageName: "App" }, message: /must be lowercase\. Use "app"/ },
    {
      truth: "a name of another registry",
      args: { imageName: "ghcr.io/team/app", registry: "test" },
      message: /does not belong to the registry/,
    },
    {
      truth: "a name with a digest",
      args: { imageName: `app@sha256:${"0".repeat(64)}` },
      message: /Remove "@sha256/,
    },
    {
      truth: "an unknown variable",
      args: { imageName: "app:${nothing}" },
      message: /There is no variable \$\{nothing\}/,
    },
    {
      truth: "an unknown registry",
      args: { imageName: "app", registry: "none" },
      message: /has no entry named "none"\. Existing entries: "test"/,
    },
    {
      truth: "an unknown builder",
      args: { imageName: "app", builder: "none" },
      message: /has no entry named "none"\. Existing entries: "local"/,
    },
    { truth: "a Dockerfile that is not there", args: { imageName: "app", dockerfile: "absent" }, message: /absent/ },
    {
      truth: "an option of the wrong form",
      args: { imageName: "app", options: { platform: "arm" } },
      message: /os\/architecture/,
    },
  ];
  for (const { truth, args, message } of refusals) {
    it(`refuses ${truth}`, async () => {
      await assert.rejects(call("buildAndPushImage", { folder: temporaryFolder(hello), ...args }), message);
    });
  }
});
