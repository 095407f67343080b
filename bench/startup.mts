import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { ensureBrowser } from "../scripts/codeHost/browser.mjs";
import { ensureCodeHost } from "../scripts/codeHost/install.mjs";

const runs = 5;

const activationProbe = `
  const vscode = require("vscode");
  const { writeFileSync } = require("node:fs");
  exports.run = async () => {
    const extension = vscode.extensions.getExtension("image-builders.image-builders");
    // While VS Code itself still starts, its work would be measured too.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    if (extension.isActive) throw new Error("Something else activated the extension before its time was taken.");
    await extension.activate();
    const result = { ...globalThis.imageBuildersBench, vscode: vscode.version };
    writeFileSync(process.env.BENCH_RESULT, JSON.stringify(result));
  };`;

/**
 * Registers as many commands and views as the extension, with nothing in them: what VS Code itself takes for them.
 */
const hollowExtension = `
  const vscode = require("vscode");
  exports.activate = ({ extension: { packageJSON } }) => {
    const { commands, views } = packageJSON.contributes;
    for (const { command } of commands) vscode.commands.registerCommand(command, () => undefined);
    const treeDataProvider = { getChildren: () => [], getTreeItem: () => ({}) };
    for (const { id } of Object.values(views).flat()) vscode.window.createTreeView(id, { treeDataProvider });
  };
`;

/** Takes the two times that VS Code's list of running extensions adds up: loading the code, and the call. */
const timedMain = `
  const times = (globalThis.imageBuildersBench = {});
  const timed = (name, work) => {
    const start = performance.now();
    const result = work();
    times[name] = performance.now() - start;
    return result;
  };
  const { statSync } = require("node:fs");
  const extension = timed("load", () => require("./dist/extension.js"));
  const loaded = Object.keys(require.cache).filter((file) => file.startsWith(__dirname) && file !== __filename);
  times.bytes = loaded.reduce((sum, file) => sum + statSync(file).size, 0);
  exports.activate = (context) => timed("call", () => extension.activate(context));
`;

const work = mkdtempSync(join(tmpdir(), "bench-startup-"));
try {
  execFileSync(process.execPath, ["esbuild.mjs", "--production"], { stdio: "ignore" });
  const bundle = readFileSync(join("dist", "extension.js"), "utf8");
  console.table([
    { code: "ours", ...(await activation(bundle)) },
    { code: "empty commands and views", ...(await activation(hollowExtension)) },
  ]);
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

interface Measured {
  readonly load: number;
  readonly call: number;
  readonly bytes: number;
  readonly vscode: string;
}

/** Measures the activation in VS Code, each time in a new extension host. @param main code of `extension.js` */
async function activation(main: string): Promise<Record<string, string | number>> {
  await ensureBrowser();
  await ensureCodeHost("latest");
  const probe = join(work, "probe.js");
  await build({
    stdin: { contents: activationProbe, resolveDir: work },
    outfile: probe,
    bundle: true,
    platform: "node",
    external: ["vscode"],
  });
  const lazy = lazyExtension(main);
  const [load, call]: [number[], number[]] = [[], []];
  let last: Measured | undefined;
  for (let i = 0; i < runs; i++) {
    const run = mkdtempSync(join(work, `${i}-`));
    mkdirSync(join(run, "workspace"), { recursive: true });
    const result = join(run, "result.json");
    writeFileSync(result, "");
    await runTests({
      vscodeExecutablePath: resolve("scripts/codeHost/code.mjs"),
      extensionDevelopmentPath: lazy,
      extensionTestsPath: probe,
      launchArgs: [
        join(run, "workspace"),
        `--user-data-dir=${join(run, "data")}`,
        `--extensions-dir=${join(run, "extensions")}`,
      ],
      extensionTestsEnv: { ...process.env, BENCH_RESULT: result },
    });
    last = JSON.parse(readFileSync(result, "utf8")) as Measured;
    load.push(last.load);
    call.push(last.call);
  }
  const whole = load.map((ms, i) => ms + (call[i] ?? 0));
  return {
    "loaded (KiB)": Math.round((last?.bytes ?? 0) / 1024),
    "load, median (ms)": median(load),
    "activate, median (ms)": median(call),
    "both, median (ms)": median(whole),
    "both, worst (ms)": Number(Math.max(...whole).toFixed(1)),
    "in VS Code": last?.vscode ?? "",
  };
}

/** Copies the extension with a manifest that lets no language or file of VS Code's own activate it too early. */
function lazyExtension(main: string): string {
  const folder = mkdtempSync(join(work, "extension-"));
  for (const name of ["dist", "package.nls.json", "media", "l10n"])
    cpSync(name, join(folder, name), { recursive: true });
  writeFileSync(join(folder, "dist", "extension.js"), main);
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, unknown>;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, main: "./main.js", activationEvents: [] }));
  writeFileSync(join(folder, "main.js"), timedMain);
  return folder;
}

function median(values: readonly number[]): number {
  return Number((values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0).toFixed(1));
}
