import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { ensureBrowser } from "../scripts/codeHost/browser.mjs";
import { ensureCodeHost } from "../scripts/codeHost/install.mjs";
import { writeResults, type Row } from "./results.mjs";

// Measures the time from a key press to the findings for the new text, in the ignore file of a large workspace, in VS
// Code's extension host.
const folders = 1000;
const filesInFolder = 100;
const lines = [
  "**/node_modules",
  "**/*.log",
  "**/.git",
  "**/__pycache__",
  "**/*.py[cod]",
  "dist",
  "build/",
  "*.md",
  "!README.md",
  "**/.env*",
  "secrets",
];
const typed = [
  "**/*.png",
  "!docs/public/logo.png",
  "package-1/module-1*",
  "coverage",
  "**/module-2*/*.css",
  "notes.txt",
  "src/**/*.tmp",
  "!dist/keep",
];

const probe = `
  const vscode = require("vscode");
  const { writeFileSync } = require("node:fs");
  const published = (uri) => new Promise((resolve) => {
    const events = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (!uris.some((each) => each.toString() === uri.toString())) return;
      events.dispose();
      resolve(performance.now());
    });
  });
  exports.run = async () => {
    const [folder] = vscode.workspace.workspaceFolders;
    await vscode.extensions.getExtension("image-builders.image-builders").activate();
    const uri = vscode.Uri.joinPath(folder.uri, ".dockerignore");
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    // Until the files are read; while VS Code itself still starts, its work would be measured too.
    await new Promise((resolve) => setTimeout(resolve, 15000));
    const times = [];
    // On a busy machine a thread waits for its turn too: only what it computed meanwhile is its own.
    const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
    let longest = 0, last = performance.now(), lastUsed = used();
    const beat = setInterval(() => {
      const [now, nowUsed] = [performance.now(), used()];
      longest = Math.max(longest, Math.min(now - last - 1, nowUsed - lastUsed));
      [last, lastUsed] = [now, nowUsed];
    }, 1);
    for (const line of JSON.parse(process.env.BENCH_TYPED)) {
      await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), "\\n"));
      for (let i = 0; i < line.length; i++) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        let start = 0;
        const changes = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
          if (document === editor.document && contentChanges.length > 0) start ||= performance.now();
        });
        const end = published(uri);
        const stops = { undoStopBefore: false, undoStopAfter: false };
        await editor.edit((edit) => edit.insert(new vscode.Position(3, i), line[i]), stops);
        times.push((await end) - start);
        changes.dispose();
      }
    }
    clearInterval(beat);
    const findings = vscode.languages.getDiagnostics(uri).length;
    writeFileSync(process.env.BENCH_RESULT, JSON.stringify({ times, longest, findings, vscode: vscode.version }));
  };`;

const work = mkdtempSync(join(tmpdir(), "bench-typing-"));
try {
  execFileSync(process.execPath, ["esbuild.mjs", "--production"], { stdio: "ignore" });
  makeWorkspace(join(work, "workspace"));
  writeResults(
    "Typing in a large workspace",
    "From a change of the ignore file to the findings of the text with it, " +
      "inside VS Code's extension host, key by key.",
    [await measure()],
  );
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

async function measure(): Promise<Row> {
  await ensureBrowser();
  await ensureCodeHost("latest");
  const program = join(work, "probe.js");
  await build({
    stdin: { contents: probe, resolveDir: work },
    outfile: program,
    bundle: true,
    platform: "node",
    external: ["vscode"],
  });
  const result = join(work, "result.json");
  await runTests({
    vscodeExecutablePath: resolve("scripts/codeHost/code.mjs"),
    extensionDevelopmentPath: resolve("."),
    extensionTestsPath: program,
    launchArgs: [
      join(work, "workspace"),
      `--user-data-dir=${join(work, "data")}`,
      `--extensions-dir=${join(work, "extensions")}`,
    ],
    extensionTestsEnv: { ...process.env, BENCH_RESULT: result, BENCH_TYPED: JSON.stringify(typed) },
  });
  const { times, longest, findings, vscode } = JSON.parse(readFileSync(result, "utf8")) as {
    times: number[];
    longest: number;
    findings: number;
    vscode: string;
  };
  times.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(times[Math.floor(times.length * share)] ?? 0);
  return {
    files: folders * filesInFolder,
    keys: times.length,
    "median (ms)": at(0.5),
    "p95 (ms)": at(0.95),
    "worst (ms)": at(0.999),
    "longest block (ms)": Math.round(longest),
    findings,
    "in VS Code": vscode,
  };
}

function makeWorkspace(root: string): void {
  const kinds = ["ts", "js", "json", "md", "py", "css", "png", "log", "pyc", "txt"];
  for (let folder = 0; folder < folders; folder++) {
    const path = join(root, `package-${folder % 50}`, folder % 7 === 0 ? "node_modules" : "src", `module-${folder}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < filesInFolder; file++)
      writeFileSync(join(path, `source-file-${file}.${kinds[file % kinds.length]}`), "x".repeat(file));
  }
  writeFileSync(join(root, "Dockerfile"), "FROM node\nCOPY . .\n");
  writeFileSync(join(root, "README.md"), "# Many files\n");
  writeFileSync(join(root, ".dockerignore"), lines.join("\n"));
}
