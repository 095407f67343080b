import assert from "node:assert/strict";
import { basename, delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as vscode from "vscode";
import { given, runningContainers, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { until } from "../support/until";
import { answerBoxes } from "./boxes";
import { call, extension } from "./extension";

interface Clients {
  dockerClients(release: "20"): Promise<{ readonly docker: string }>;
}

/** Docker's own command line. Its module finds its files by its own place, so it is not bundled. */
async function dockerProgram(): Promise<string> {
  const { href } = pathToFileURL(join(extension().extensionPath, "scripts/oracle/clients.mjs"));
  const { dockerClients } = (await import(href)) as Clients;
  return (await dockerClients("20")).docker;
}

/** Terminals of a name. */
const terminalsOf = (name: string): vscode.Terminal[] =>
  vscode.window.terminals.filter((terminal) => terminal.name === name);

/** Runs the image of the last build, and returns the program and the arguments of its terminal. */
async function runLast(name: string, answers: readonly string[]): Promise<readonly string[]> {
  const end = answerBoxes(answers);
  try {
    await vscode.commands.executeCommand("imageBuilders.runImage");
    await until(() => terminalsOf(name).length > 0, "a terminal opens");
    assert.deepEqual(end(), []);
  } finally {
    end();
  }
  const [terminal] = terminalsOf(name);
  const { shellPath = "", shellArgs = [] } = (terminal?.creationOptions ?? {}) as vscode.TerminalOptions;
  return [basename(shellPath), ...shellArgs];
}

describe("running an image", () => {
  const path = process.env["PATH"];
  before(async () => {
    await extension().activate();
    process.env["PATH"] = [dirname(await dockerProgram()), path].join(delimiter);
  });
  afterEach(() => vscode.window.terminals.forEach((terminal) => terminal.dispose()));
  after(() => {
    process.env["PATH"] = path;
    removeTemporaryFolders();
  });

  it("asks for nothing if it exposes no port, and runs in a terminal by the daemon of its build", async () => {
    const folder = temporaryFolder({ Dockerfile: 'FROM busybox:1.35\nCMD ["sleep", "20"]\n' });
    const outcome = await call("buildImage", { folder, imageName: uniqueName("run") });
    const containers = await runningContainers();
    assert.deepEqual(await runLast(outcome?.imageName ?? "", []), [
      ...["docker", "--host", given("DOCKER_HOST"), "run", "--rm", "--interactive", "--tty", outcome?.imageId],
    ]);
    await until(async () => (await runningContainers()) > containers, "the container runs");
  });

  it("asks for the ports that it exposes, and remembers the answer", async () => {
    const folder = temporaryFolder({ Dockerfile: 'FROM busybox:1.35\nEXPOSE 53/udp 80\nCMD ["true"]\n' });
    const outcome = await call("buildImage", { folder, imageName: uniqueName("ports") });
    const name = outcome?.imageName ?? "";
    const args = await runLast(name, ["127.0.0.1:0:80"]);
    assert.deepEqual(args.slice(-3), ["--publish", "127.0.0.1:0:80", outcome?.imageId]);
    terminalsOf(name).forEach((terminal) => terminal.dispose());
    await until(() => terminalsOf(name).length === 0, "the terminal is closed");

    const running = vscode.commands.executeCommand("imageBuilders.runImage");
    await until(async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return terminalsOf(name).length > 0;
    }, "the remembered ports are taken");
    await running;
    const [terminal] = terminalsOf(name);
    const { shellArgs } = (terminal?.creationOptions ?? {}) as vscode.TerminalOptions;
    assert.deepEqual(shellArgs, args.slice(1));
  });
});
