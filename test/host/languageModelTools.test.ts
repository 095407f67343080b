import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { buildLogTool } from "../../src/vscode/languageModel/buildLogTool";
import { buildTool } from "../../src/vscode/languageModel/buildTool";
import { explainTool } from "../../src/vscode/languageModel/explainTool";
import { lintTool } from "../../src/vscode/languageModel/lintTool";
import { reviewTool } from "../../src/vscode/languageModel/reviewTool";
import { uniqueName } from "../support/engine";
import { writeFiles } from "../support/folder";
import { until } from "../support/until";
import { call, extension } from "./extension";

const token = `ghp_${"0aZ9bY8cX7dW6eV5fU4g".repeat(2).slice(0, 36)}`;
const root = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail("no folder is open");

/** A folder of the workspace, by its name in it. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const name = uniqueName("tools");
  mkdirSync(join(root(), name));
  writeFiles(join(root(), name), files);
  return name;
}

/** Calls a tool as an agent does, and returns the text of its answer. */
async function answerOf(name: string, input: object): Promise<string> {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await vscode.lm.invokeTool(`imageBuilders_${name}`, options);
  assert.equal(content.length, 1);
  const [part] = content;
  assert.ok(part instanceof vscode.LanguageModelTextPart);
  assert.ok(part.value.length <= 20_000);
  return part.value;
}

describe("a tool for language models", () => {
  before(async () => {
    await extension().activate();
    await until(() => vscode.lm.tools.some(({ name }) => name === "imageBuilders_buildLog"), "the tools are known");
  });

  it("is listed by VS Code with a description and a schema, each of the five", () => {
    const ours = vscode.lm.tools.filter(({ name }) => name.startsWith("imageBuilders_"));
    assert.deepEqual(
      ours.map(({ name }) => name).sort(),
      ["buildImage", "buildLog", "explainFile", "lintIgnoreFile", "reviewContext"].map(
        (name) => `imageBuilders_${name}`,
      ),
    );
    for (const { description, inputSchema } of ours) assert.ok(description.length > 50 && inputSchema);
  });

  it("explains why a file is sent or not", async () => {
    const place = folderWith({
      Dockerfile: "FROM scratch\nCOPY app /\n",
      ".dockerignore": "*.log\n",
      app: "x",
      "a.log": "x",
    });
    assert.match(
      await answerOf("explainFile", { path: `${place}/a.log` }),
      /"a\.log" \(1 B\) is not in the image: line 1 of \.dockerignore \(\*\.log\) excludes it\./,
    );
    assert.match(
      await answerOf("explainFile", { path: join(root(), place, "app") }),
      /COPY in line 2 of Dockerfile uses it/,
    );
    assert.match(await answerOf("explainFile", { path: `${place}/none` }), /does not exist/);
  });

  it("reviews what is sent, and names secrets without their text", async () => {
    const place = folderWith({
      Dockerfile: "FROM scratch\nCOPY . /\n",
      "src/app.py": `# 1\nt = "${token}"\n`,
      "data/big": "x".repeat(100_000),
    });
    const text = await answerOf("reviewContext", { folder: place });
    assert.match(text, /^A build sends 100 kB in 3 files\./);
    assert.match(text, /- data\/(big)?: 100 kB/);
    assert.match(text, /Possible secrets \(1\).*\n- src\/app\.py:2 \(a GitHub token\)/);
    assert.ok(!text.includes(token));
  });

  it("lints an ignore file on the files of its folder", async () => {
    const place = folderWith({ Dockerfile: "FROM scratch\nCOPY app /\n", ".dockerignore": "absent\napp\n", app: "x" });
    const text = await answerOf("lintIgnoreFile", { path: `${place}/.dockerignore` });
    assert.match(text, /- \.dockerignore:1:1 \w+ matches-nothing: /);
    assert.match(text, /- Dockerfile:2:\d+ error copy-source-excluded: /);
    assert.match(text, /Fix: /);
  });

  it("returns the end of the log of the last build, or of the last one that failed", async () => {
    const failing = folderWith({ Dockerfile: "FROM busybox:1.35\nRUN echo said-$((40+2)) && exit 3\n" });
    const [bad, good] = [uniqueName("bad"), uniqueName("good")];
    await assert.rejects(call("buildImage", { folder: failing, imageName: bad }));
    await call("buildImage", { folder: folderWith({ Dockerfile: "FROM busybox:1.35\n" }), imageName: good });
    assert.match(await answerOf("buildLog", {}), new RegExp(`^Image: ${good}:latest\nState: done\n[^]*Done in`));
    const failed = await answerOf("buildLog", { failed: true });
    assert.match(failed, new RegExp(`^Image: ${bad}:latest\nState: failed\n[^]*Failure: The build failed[^]*said-42`));
    assert.equal(await answerOf("buildLog", { imageName: bad }), failed);
    assert.match(await answerOf("buildLog", { imageName: "no-such-image" }), /no such build/);
  });

  it("that builds returns the image, and warns of secrets", async () => {
    const imageName = uniqueName("built");
    const place = folderWith({ Dockerfile: "FROM scratch AS one\nCOPY . /\nFROM absent.invalid/x\n", ".env": "A=1\n" });
    // In the tests of an extension, VS Code takes its dialogs as confirmed.
    const text = await answerOf("buildImage", { folder: place, imageName: `${imageName}:1`, target: "one" });
    assert.match(
      text,
      new RegExp(`^Built ${imageName}:1 in [^]*\nImage ID: sha256:[0-9a-f]{64}\nPossible secrets .*\\.env`),
    );
  });

  it("that builds returns the failing line and the end of the log", async () => {
    const place = folderWith({ Dockerfile: "FROM busybox:1.35\nRUN echo said-$((40+2)) && exit 3\n" });
    const text = await answerOf("buildImage", { folder: place, imageName: uniqueName("failing") });
    assert.match(text, /^The build failed[^]*\/Dockerfile:2\n[^]*End of the log:\n[^]*said-42/);
  });

  it("that builds is cancelled by its caller", async () => {
    const place = folderWith({ Dockerfile: "FROM busybox:1.35\nRUN sleep 600\n" });
    const imageName = uniqueName("cancelled");
    const source = new vscode.CancellationTokenSource();
    const options = { input: { folder: place, imageName }, toolInvocationToken: undefined };
    const ended = assert.rejects(async () => vscode.lm.invokeTool("imageBuilders_buildImage", options, source.token));
    const isIn = async (state: RegExp): Promise<boolean> => state.test(await answerOf("buildLog", { imageName }));
    await until(() => isIn(/^State: running$/m), "the build runs");
    source.cancel();
    await ended;
    await until(() => isIn(/^State: cancelled$/m), "the build is cancelled");
  });

  it("that builds asks the person first, with everything that it builds; the others ask nothing", () => {
    const { confirmationMessages } = buildTool.prepare({
      folder: "a$(flame)",
      imageName: "[x](command:y)",
      push: true,
    });
    assert.equal(confirmationMessages?.title, "Build and push an image?");
    const { message } = confirmationMessages;
    assert.ok(message instanceof vscode.MarkdownString && !message.isTrusted && !message.supportThemeIcons);
    assert.match(message.value, /pushes it to a registry/);
    assert.ok(!message.value.includes("[x](command:y)"), message.value);
    for (const tool of [buildLogTool, explainTool, lintTool, reviewTool])
      assert.equal(tool.prepare({ path: "a" }).confirmationMessages, undefined);
  });

  const refusals: readonly (readonly [truth: string, tool: string, input: object, message: RegExp])[] = [
    ["a path outside the workspace", "explainFile", { path: "/etc/passwd" }, /is outside the workspace/],
    ["a path that leads out of it", "lintIgnoreFile", { path: "../.dockerignore" }, /is outside the workspace/],
    ["a folder outside the workspace", "reviewContext", { folder: "/etc" }, /is outside the workspace/],
    ["a build outside the workspace", "buildImage", { folder: "/" }, /is outside the workspace/],
    ["a property that it has not", "buildImage", { secrets: { a: { env: "HOME" } } }, /There is no property "secrets"/],
    ["a path that is no text", "explainFile", { path: 5 }, /The property "path" must be a text/],
    ["a text that holds a path no more", "explainFile", { path: { toString: 1 } }, /"path" must be a text/],
    ["a path longer than any", "lintIgnoreFile", { path: "a/".repeat(500_000) }, /"(a\/){50}" is not a path/],
    ["a Dockerfile outside the workspace", "buildImage", { dockerfile: "/etc/passwd" }, /is outside the workspace/],
    ["a Dockerfile's path that leads out of it", "buildImage", { dockerfile: "../../x" }, /is outside the workspace/],
    ["a file that is no ignore file", "lintIgnoreFile", { path: "main.py" }, /is not an ignore file or a Dockerfile/],
  ];
  it("refuses a link that leads out of the workspace, and what is behind it", async () => {
    const name = folderWith({ Dockerfile: "FROM scratch\nCOPY a.txt /\n", "a.txt": "1" });
    symlinkSync("/etc", join(root(), name, "out"));
    for (const [tool, input] of [
      ["reviewContext", { folder: `${name}/out` }],
      ["explainFile", { path: `${name}/out/passwd` }],
      ["lintIgnoreFile", { path: `${name}/out/.dockerignore` }],
    ] as const)
      await assert.rejects(answerOf(tool, input), /is outside the workspace/, tool);
    await answerOf("reviewContext", { folder: name });
  });

  it("refuses everything in a workspace that is not trusted", async () => {
    const place = folderWith({ Dockerfile: "FROM scratch\n", ".dockerignore": "*.log\n" });
    const inputs = {
      buildImage: { folder: place, imageName: uniqueName("untrusted") },
      buildLog: {},
      explainFile: { path: `${place}/Dockerfile` },
      lintIgnoreFile: { path: `${place}/.dockerignore` },
      reviewContext: { folder: place },
    };
    const trust = Object.getOwnPropertyDescriptor(vscode.workspace, "isTrusted") ?? assert.fail();
    // The tests of an extension can't run in Restricted Mode.
    Object.defineProperty(vscode.workspace, "isTrusted", { configurable: true, get: () => false });
    try {
      for (const [tool, input] of Object.entries(inputs))
        await assert.rejects(answerOf(tool, input), /require a trusted workspace/, tool);
      assert.deepEqual(await vscode.tasks.fetchTasks({ type: "image-builders" }), []);
    } finally {
      Object.defineProperty(vscode.workspace, "isTrusted", trust);
    }
  });

  for (const [truth, tool, input, message] of refusals)
    it(`refuses ${truth}`, async () => {
      await assert.rejects(answerOf(tool, input), message);
    });
});
