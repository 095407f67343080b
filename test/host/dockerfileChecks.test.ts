import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import { given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { until } from "../support/until";
import { call, extension, problemsOn, set } from "./extension";
import { closeAll, show, write } from "./findingsIn";

const text = "FROM busybox:1.35 as one\nENV A 1\n";

describe("BuildKit's checks of a Dockerfile in the editor", () => {
  before(async () => {
    await extension().activate();
    await set("dockerHost", given("IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST"));
  });
  afterEach(async () => {
    await closeAll();
    await set("dockerfileChecks", undefined);
  });
  after(async () => {
    await set("dockerHost", undefined);
    removeTemporaryFolders();
  });

  const newFile = (content = text): string => join(temporaryFolder({ Dockerfile: content }), "Dockerfile");

  /** Names and lines of the checks' findings, and severity of other problems. */
  function told(file: string): string[] {
    return problemsOn(file)
      .filter(({ code }) => code === undefined || (typeof code === "object" && /^[A-Z]/.test(String(code.value))))
      .map(({ code, range, severity }) => {
        const name = typeof code === "object" ? code.value : vscode.DiagnosticSeverity[severity];
        return `${range.start.line} ${name}`;
      })
      .sort();
  }

  async function soon(file: string, wanted: readonly string[]): Promise<void> {
    await until(() => told(file).join() === wanted.join(), "").catch(() => assert.deepEqual(told(file), wanted));
  }

  it("come and go with the unsaved text, and are removed with the tab", async () => {
    const file = newFile();
    const document = await show(file);
    await soon(file, ["0 FromAsCasing", "1 LegacyKeyValueFormat"]);
    const [first] = problemsOn(file);
    assert.equal(first?.severity, vscode.DiagnosticSeverity.Warning);
    assert.ok(typeof first.code === "object", "it has a page to read more on");
    assert.equal(first.code.target.toString(), "https://docs.docker.com/go/dockerfile/rule/from-as-casing/");
    await write(document, "FROM busybox:1.35 AS one\n\nCOPPY a /\n");
    await soon(file, ["2 Error"]);
    await write(document, "# check=skip=LegacyKeyValueFormat\nFROM busybox:1.35 as one\nENV A 1\n");
    await soon(file, ["1 FromAsCasing"]);
    assert.ok(document.isDirty);
    await write(document, "FROM busybox:1.35 AS one\n");
    await soon(file, []);
    await write(document, text);
    await soon(file, ["0 FromAsCasing", "1 LegacyKeyValueFormat"]);
    await closeAll();
    await soon(file, []);
  });

  it("are of the ignore file as it is edited", async () => {
    const root = temporaryFolder({
      Dockerfile: "# check=experimental=CopyIgnoredFile\nFROM scratch\nCOPY a.txt /\n",
      ".dockerignore": "b.txt\n",
      "a.txt": "1",
    });
    const file = join(root, "Dockerfile");
    await show(file);
    await soon(file, []);
    await write(await show(join(root, ".dockerignore")), "a.txt\n");
    await soon(file, ["2 CopyIgnoredFile"]);
  });

  it("are shown once if a build reports them, too", async () => {
    const file = newFile("FROM busybox:1.35 as one\n");
    await show(file);
    await soon(file, ["0 FromAsCasing"]);
    await call("buildImage", { folder: join(file, ".."), imageName: uniqueName() });
    await soon(file, ["0 FromAsCasing"]);
  });

  it("don't run if the setting is off, and end when it is turned off", async () => {
    const file = newFile();
    await show(file);
    await soon(file, ["0 FromAsCasing", "1 LegacyKeyValueFormat"]);
    await set("dockerfileChecks", false);
    await soon(file, []);
    await set("dockerfileChecks", undefined);
    await soon(file, ["0 FromAsCasing", "1 LegacyKeyValueFormat"]);
  });

  it("don't ask a daemon that the workspace selects before it is allowed", async () => {
    const file = newFile();
    const settings = vscode.workspace.getConfiguration("imageBuilders");
    await set("dockerHost", undefined);
    await settings.update(
      "dockerHost",
      given("IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST"),
      vscode.ConfigurationTarget.Workspace,
    );
    try {
      const document = await show(file);
      await write(document, "FROM busybox:1.35 as two\n");
      // Several times the delay of the check of an edit, and of the check itself.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      assert.deepEqual(told(file), []);
    } finally {
      await settings.update("dockerHost", undefined, vscode.ConfigurationTarget.Workspace);
      await set("dockerHost", given("IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST"));
    }
    await soon(file, ["0 FromAsCasing"]);
  });
});
