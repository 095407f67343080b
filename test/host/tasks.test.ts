import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { runDefinition, type DefinitionServices } from "../../src/vscode/tasks/runDefinition";
import { plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { writeFiles } from "../support/folder";
import { until } from "../support/until";
import { call, extension, marksOn, set } from "./extension";
import { specText } from "./specs";

const type = "image-builders";
const hello = { Dockerfile: "FROM scratch\nCOPY hello.txt /\n", "hello.txt": "hello\n" };
const root = (): vscode.WorkspaceFolder => vscode.workspace.workspaceFolders?.[0] ?? assert.fail("no folder is open");

/** A folder of the workspace, by its name in it. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const name = uniqueName("tasks");
  mkdirSync(join(root().uri.fsPath, name));
  writeFiles(join(root().uri.fsPath, name), files);
  return name;
}

/** The task that `tasks.json` or the extension offers under a name, once VS Code lists it. */
async function taskNamed(name: string): Promise<vscode.Task> {
  let found: vscode.Task | undefined;
  await until(async () => {
    found = (await vscode.tasks.fetchTasks({ type })).find((task) => task.name === name);
    return found !== undefined;
  }, `the task "${name}" is listed`);
  return found ?? assert.fail();
}

/** Writes `tasks.json` with one task, and returns it as VS Code reads it. */
async function writtenTask(properties: object): Promise<vscode.Task> {
  const label = uniqueName("task");
  const tasks = [{ type, label, ...properties }];
  writeFiles(root().uri.fsPath, { ".vscode/tasks.json": JSON.stringify({ version: "2.0.0", tasks }) });
  return taskNamed(label);
}

/** Starts a task; the exit code comes once its terminal has ended. */
async function started(task: vscode.Task) {
  let listening: vscode.Disposable | undefined;
  const ended = new Promise<number | undefined>((resolve) => {
    listening = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.name === task.name) resolve(exitCode);
    });
  }).finally(() => listening?.dispose());
  return { execution: await vscode.tasks.executeTask(task), ended };
}

async function exitCodeOf(task: vscode.Task): Promise<number | undefined> {
  return (await started(task)).ended;
}

const terminalOf = ({ name }: vscode.Task): vscode.Terminal =>
  vscode.window.terminals.find((terminal) => terminal.name.includes(name)) ?? assert.fail("the task has no terminal");

/** Whether a program runs on this machine, also in a container, with these arguments. */
function runs(command: string): boolean {
  return readdirSync("/proc").some((id) => {
    try {
      return /^\d+$/.test(id) && readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ").trim() === command;
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

/** Text of a task's terminal, copied as a person does. */
async function terminalText(task: vscode.Task, sign: RegExp): Promise<string> {
  let text = "";
  await until(
    async () => {
      terminalOf(task).show();
      for (const command of ["focus", "selectAll", "copySelection"])
        await vscode.commands.executeCommand(`workbench.action.terminal.${command}`);
      text = (await vscode.env.clipboard.readText()).replace(/\s+/g, " ");
      return sign.test(text);
    },
    `the terminal shows ${String(sign)}`,
  );
  return text;
}

describe("a task", () => {
  before(async () => {
    await extension().activate();
    await set("registries", [{ name: "test", flavor: "default", configuration: { uri: plainRegistry() } }]);
  });
  afterEach(() => vscode.window.terminals.forEach((terminal) => terminal.dispose()));
  after(async () => {
    await set("registries", undefined);
    rmSync(join(root().uri.fsPath, ".vscode/tasks.json"), { force: true });
  });

  it("is detected for each Dockerfile and image spec", async () => {
    const place = folderWith({
      ...hello,
      "web.Dockerfile": "FROM scratch\n",
      "app.image.yaml": "from: busybox:1.35\n",
    });
    const definitions = await Promise.all(
      ["Dockerfile", "web.Dockerfile", "app.image.yaml"].map(
        async (name) => (await taskNamed(`build ${place}/${name}`)).definition,
      ),
    );
    assert.deepEqual(definitions, [
      { type, task: "build", folder: place },
      { type, task: "build", folder: place, dockerfile: "web.Dockerfile" },
      { type, task: "spec", spec: `${place}/app.image.yaml` },
    ]);
  });

  it("that was detected builds with the usual name, in a terminal, and ends with 0", async () => {
    const place = folderWith(hello);
    const task = await taskNamed(`build ${place}/Dockerfile`);
    assert.equal(task.group, vscode.TaskGroup.Build);
    assert.equal(await exitCodeOf(task), 0);
    assert.match(await terminalText(task, /Done in/), new RegExp(`image ${place}:latest .*image ID sha256:`));
  });

  it("that was detected takes variables in the names of folders and files as they are", async () => {
    const place = folderWith({ "${userHome}/${env:PATH}.Dockerfile": "FROM scratch\nLABEL a=b\n" });
    const task = await taskNamed(`build ${place}/${"${userHome}/${env:PATH}.Dockerfile"}`);
    const code = await exitCodeOf(task);
    assert.equal(code, 0, await terminalText(task, /./));
  });

  it("of tasks.json pushes with its build options", async () => {
    const name = uniqueName();
    const place = folderWith({ Dockerfile: "FROM scratch AS one\nARG A\nLABEL a=$A\nFROM absent.invalid/x\n" });
    const task = await writtenTask({
      task: "push",
      folder: place,
      imageName: `${name}:\${workspaceFolderBasename}`,
      target: "one",
      buildArgs: { A: "b" },
    });
    assert.equal(await exitCodeOf(task), 0);
    const tagged = `${plainRegistry()}/${name}:${root().name}`;
    assert.match((await registryDigest(tagged)) ?? "", /^sha256:/);
  });

  it("builds an image spec, and pushes it if it says so", async () => {
    const name = uniqueName();
    const place = folderWith({ "app.image.yaml": specText(name, ["sourceFile: a.txt"]), "a.txt": "a" });
    const task = await writtenTask({ task: "spec", spec: `${place}/app.image.yaml`, push: true });
    const code = await exitCodeOf(task);
    assert.equal(code, 0, await terminalText(task, /./));
    await terminalText(task, /digest .*@sha256:/);
  });

  it("that fails ends with 1, marks the line by our problem matcher, and the mark goes with an edit", async () => {
    const place = folderWith({ Dockerfile: "FROM busybox:1.35\n\n  RUN exit 3\n" });
    const file = vscode.Uri.file(join(root().uri.fsPath, place, "Dockerfile"));
    const others = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(file).filter(({ source }) => source === "matched");
    // VS Code tells extensions of the marks of other owners only.
    const problemMatcher = { base: "$image-builders", owner: "matched", source: "matched" };
    const task = await writtenTask({ task: "build", folder: place, imageName: uniqueName(), problemMatcher });
    assert.equal(await exitCodeOf(task), 1);
    await until(() => others().length > 0, "the line is matched");
    assert.deepEqual(
      others().map(({ range, severity }) => [range.start.line, severity]),
      [[2, vscode.DiagnosticSeverity.Error]],
    );
    assert.match(others()[0]?.message ?? "", /^The build failed at "RUN exit 3"|^The build failed at/);
    assert.deepEqual(
      marksOn(file.fsPath).map(({ range }) => range.start.line),
      [2],
    );
  });

  for (const [truth, end] of [
    ["whose terminal is closed", (task: vscode.Task) => terminalOf(task).dispose()],
    ["that is terminated", (_task: vscode.Task, execution: vscode.TaskExecution) => execution.terminate()],
  ] as const)
    it(`${truth} cancels its build, whose step ends`, async () => {
      // A time that no other process sleeps.
      const step = `sleep 9${randomInt(1e6, 1e7)}`;
      const place = folderWith({ Dockerfile: `FROM busybox:1.35\nRUN ${step}\n` });
      const task = await writtenTask({ task: "build", folder: place, imageName: uniqueName() });
      const { execution } = await started(task);
      await until(() => runs(step), "the step runs");
      end(task, execution);
      await until(() => !runs(step), "the daemon stops the step");
      // A build that still ran would refuse a second one.
      writeFiles(join(root().uri.fsPath, place), hello);
      await until(async () => {
        const outcome = await call("buildImage", { folder: place, imageName: uniqueName() }).catch(() => undefined);
        return outcome?.imageId !== undefined;
      }, "the folder can be built again");
    });

  const refusals: readonly (readonly [truth: string, properties: object, message: RegExp])[] = [
    ["an unknown kind", { task: "bake" }, /The property "task" must be one of: "build", "push", "spec"\./],
    ["a spec that is not named", { task: "spec" }, /with the property "spec"\./],
    ["a name that is no text", { task: "build", imageName: 5 }, /The property "imageName" must be a text\./],
    [
      "a name without end",
      { task: "build", imageName: "x".repeat(200_000) },
      /ERROR: [^]{0,20}x{50,}…x{50,}" is not a valid/,
    ],
    ["an option of the wrong form", { task: "build", platform: "arm" }, /"platform": must be os\/architecture/],
    ["an unknown registry", { task: "push", registry: "none" }, /no entry named "none"/],
    ["a spec for a Dockerfile's build", { task: "build", spec: "a" }, /The property "spec" requires "task": "spec"\./],
  ];
  for (const [truth, properties, message] of refusals)
    it(`refuses ${truth}, and says why in its terminal`, async () => {
      const task = await writtenTask({ folder: folderWith(hello), ...properties });
      assert.equal(await exitCodeOf(task), 1);
      await terminalText(task, message);
    });

  it("without a folder that it could be of needs one, and builds not where VS Code was started", async () => {
    const never = { isTerminal: true, show: () => assert.fail(), open: () => assert.fail() };
    for (const place of [{}, { folder: "api" }, { spec: "app.image.yaml" }])
      await assert.rejects(
        runDefinition({} as DefinitionServices, { push: false, options: {}, ...place }, undefined, never),
        /No folder is open\. Specify the folder to build with "folder"\./,
      );
  });

  it("that pushes without a registry says what is missing", async () => {
    await set("registries", undefined);
    const task = await writtenTask({ task: "push", folder: folderWith(hello) });
    assert.equal(await exitCodeOf(task), 1);
    await terminalText(task, /There is no registry to push/);
    await set("registries", [
      { name: "test", flavor: "default", configuration: { uri: plainRegistry() } },
      { name: "other", flavor: "default", configuration: { uri: "registry.invalid" } },
    ]);
    assert.equal(await exitCodeOf(task), 1);
    await terminalText(task, /Specify one with "registry"/);
  });
});
