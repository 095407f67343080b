import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { ensureBrowser } from "../scripts/codeHost/browser.mjs";
import { ensureCodeHost } from "../scripts/codeHost/install.mjs";

const extension = resolve("dist/extension.js");
const runs = 5;

const activationProbe = `
  const vscode = require("vscode");
  const { writeFileSync } = require("node:fs");
  exports.run = async () => {
    const extension = vscode.extensions.getExtension("image-builders.image-builders");
    // While VS Code itself still starts, its work would be measured too.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const start = performance.now();
    await extension.activate();
    writeFileSync(process.env.BENCH_RESULT, JSON.stringify({ ms: performance.now() - start, vscode: vscode.version }));
  };`;

const work = mkdtempSync(join(tmpdir(), "bench-startup-"));
try {
  execFileSync(process.execPath, ["esbuild.mjs", "--production"], { stdio: "ignore" });
  console.table([{ "bundle (KiB)": Math.round(statSync(extension).size / 1024), ...(await activation()) }]);
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Measures the activation in VS Code: loading the bundle and running `activate`, each time in a new extension host. */
async function activation(): Promise<Record<string, string | number>> {
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
  const measured: number[] = [];
  let version = "";
  for (let i = 0; i < runs; i++) {
    const run = join(work, String(i));
    mkdirSync(join(run, "workspace"), { recursive: true });
    const result = join(run, "result.json");
    writeFileSync(result, "");
    await runTests({
      vscodeExecutablePath: resolve("scripts/codeHost/code.mjs"),
      extensionDevelopmentPath: resolve("."),
      extensionTestsPath: probe,
      launchArgs: [
        join(run, "workspace"),
        `--user-data-dir=${join(run, "data")}`,
        `--extensions-dir=${join(run, "extensions")}`,
      ],
      extensionTestsEnv: { ...process.env, BENCH_RESULT: result },
    });
    const { ms, vscode } = JSON.parse(readFileSync(result, "utf8")) as { ms: number; vscode: string };
    measured.push(ms);
    version = vscode;
  }
  return {
    "activation, median (ms)": median(measured),
    "activation, worst (ms)": Number(Math.max(...measured).toFixed(1)),
    "in VS Code": version,
  };
}

function median(values: readonly number[]): number {
  return Number((values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0).toFixed(1));
}
