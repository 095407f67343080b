import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

const runs = 3;
const patternCount = 50;

/** Kinds of patterns found in real folders; fifty lines are generated from them. */
const kinds = [
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
];
const patterns = Array.from({ length: patternCount }, (_, i) =>
  (kinds[i % kinds.length] ?? "").replace(/(\w)$/, `$1${i < kinds.length ? "" : i}`),
);

const work = mkdtempSync(join(tmpdir(), "bench-dockerignore-"));
try {
  bundle("../src/core/context/evaluation/evaluator.ts");
  bundle("../src/core/context/tree/pathTree.ts");
  bundle("../src/core/context/dockerignore/parseIgnoreFile.ts");
  writeFileSync(join(work, "patterns"), patterns.join("\n"));
  const rows: Row[] = [];
  for (const count of [100_000, 1_000_000]) {
    const what = `${count.toLocaleString("en")} paths x ${patternCount} lines`;
    rows.push(...ours(count).map((row) => ({ what, ...row })));
    if (count > 100_000) continue;
    writeFileSync(join(work, "paths"), Array.from({ length: count }, (_, i) => pathOf(i)).join("\n"));
    rows.push({
      what,
      task: "package ignore",
      ...median(() => rival(`const list = require("ignore")({ ignorecase: false }).add(patterns);`)),
    });
    rows.push({
      what,
      task: "package @balena/dockerignore",
      ...median(() => rival(`const list = require("@balena/dockerignore")({ ignorecase: false }).add(patterns);`)),
    });
    rows.push({ what, task: "docker-py", ...median(dockerPy) });
  }
  console.table(rows);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Measurements in a row of the table. `kept` shows how far the readers agree. */
interface Measured {
  readonly ms: number | string;
  readonly "longest block (ms)"?: number;
  readonly "peak MiB"?: number;
  readonly kept?: number;
}
type Row = Measured & { readonly what: string; readonly task: string };

function median(measure: () => Measured): Measured {
  const sorted = Array.from({ length: runs }, measure).sort((a, b) => Number(a.ms) - Number(b.ms));
  return {
    ...(sorted[runs >> 1] ?? { ms: "" }),
    "longest block (ms)": sorted.map((one) => one["longest block (ms)"] ?? 0).sort((a, b) => a - b)[runs >> 1],
  };
}

/** Measures the first evaluation of a tree, one after an edited line, and one after added files. */
function ours(count: number): Omit<Row, "what">[] {
  const program = `
    const { Evaluator } = require(${file("evaluator.cjs")});
    const { PathTree } = require(${file("pathTree.cjs")});
    const { parseIgnoreFile } = require(${file("parseIgnoreFile.cjs")});
    const parse = (lines) => parseIgnoreFile(Buffer.from(lines.join("\\n")), "buildkit").patterns;
    const rows = {};
    const time = async (task, work) => {
      longest = 0;
      last = performance.now();
      const start = performance.now();
      const kept = await work();
      rows[task] = { ms: Math.round(performance.now() - start), kept };
      await new Promise((resolve) => setTimeout(resolve, 5));
      Object.assign(rows[task], { "longest block (ms)": Math.round(longest), "peak MiB": peakMiB() });
    };
    (async () => {
      const pathOf = ${pathOf};
      const tree = new PathTree();
      for (let i = 0; i < ${count}; i++) tree.add(pathOf(i), "file", 1000);
      const evaluator = new Evaluator(tree);
      const evaluate = async (lines) => (await evaluator.evaluate(parse(lines), { builder: "buildkit" })).sent.files;
      await time("ours, first evaluation", () => evaluate(patterns));
      await time("ours, after an edit of one line", () => evaluate(patterns.with(11, "**/*.lo?")));
      await time("ours, after 100 files came", () => {
        for (let i = 0; i < 100; i++) tree.add("packages/new/file-" + i + ".ts", "file", 1);
        return evaluate(patterns);
      });
      clearInterval(beat);
      console.log(JSON.stringify(rows));
    })();`;
  const measured = Array.from({ length: runs }, () => node<Record<string, Measured>>(program));
  return Object.keys(measured[0] ?? {}).map((task) => {
    const each = measured.map((rows) => rows[task] ?? { ms: "" });
    return { task, ...median(() => each.pop() ?? { ms: "" }) };
  });
}

function rival(make: string): Measured {
  return node(`
    ${make}
    const paths = require("node:fs").readFileSync(${file("paths")}, "utf8").split("\\n");
    const start = performance.now();
    const kept = paths.filter((path) => !list.ignores(path)).length;
    const ms = Math.round(performance.now() - start);
    clearInterval(beat);
    console.log(JSON.stringify({ ms, kept, "longest block (ms)": ms, "peak MiB": peakMiB() }));`);
}

/** Measures only the matcher of docker-py, on the same list of paths. */
function dockerPy(): Measured {
  const program = `
import json, time
from docker.utils.build import PatternMatcher
matcher = PatternMatcher(open(${file("patterns")}).read().split("\\n"))
paths = open(${file("paths")}).read().split("\\n")
start = time.time()
kept = sum(not matcher.matches(path) for path in paths)
ms = round((time.time() - start) * 1000)
print(json.dumps({"ms": ms, "kept": kept, "longest block (ms)": ms}))`;
  try {
    return JSON.parse(
      execFileSync("/usr/bin/python3", ["-c", program], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    ) as Measured;
  } catch {
    return { ms: "not here: apt-get install python3-docker" };
  }
}

/**
 * Runs a program in a separate process, with the patterns and a timer that measures how long the event loop is blocked.
 */
function node<T>(program: string): T {
  const head = `
    const patterns = require("node:fs").readFileSync(${file("patterns")}, "utf8").split("\\n");
    const peakMiB = () => Math.round(process.resourceUsage().maxRSS / 1024);
    let longest = 0, last = performance.now();
    const beat = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last - 1);
      last = now;
    }, 1);`;
  return JSON.parse(
    execFileSync(process.execPath, ["-e", head + program], { encoding: "utf8", cwd: import.meta.dirname }),
  ) as T;
}

function file(name: string): string {
  return JSON.stringify(join(work, name));
}

function bundle(source: string): void {
  const path = new URL(source, import.meta.url).pathname;
  buildSync({
    entryPoints: [path],
    outdir: work,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
  });
}

/**
 * Returns the path with index `i`: a folder per hundred files, half of the names unique, as in a large repository with
 * its dependencies.
 */
function pathOf(i: number): string {
  const tops = ["packages", "services", "node_modules", "tools"];
  const ends = ["ts", "js", "d.ts", "py", "pyc", "json", "md", "log"];
  const hundred = Math.floor(i / 100);
  const folder = `${tops[hundred % tops.length]}/unit-${Math.floor(i / 1000)}/part-${hundred % 10}`;
  return `${folder}/${i % 2 ? `file-${i}` : `common-${i % 40}`}-${i % 100}.${ends[i % ends.length]}`;
}
