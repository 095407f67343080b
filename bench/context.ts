import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** Each task is timed in a process of its own, which also gives its peak of memory. */
const tasks = {
  "nothing (bare Node)": "",
  getFiles: "const files = await context.getFiles(); count = files.size;",
  "getFiles, 50 patterns": "const files = await context.getFiles(); count = files.size;",
  "entries, tree order": "for await (const batch of context.entries()) count += batch.length;",
  "entries, path order": 'for await (const batch of context.entries({ order: "path" })) count += batch.length;',
  "writeArchive, no gzip": "count = (await context.writeArchive(nowhere, { gzip: false })).bytes;",
  "writeArchive, gzip": "count = (await context.writeArchive(nowhere)).bytes;",
};

const folders = 1000;
const filesInFolder = 100;
const bigFileBytes = 1024 ** 3;

const work = mkdtempSync(join(tmpdir(), "bench-context-"));
try {
  const many = join(work, "many");
  const big = join(work, "big");
  makeTree(many);
  makeBigFile(big);
  writeFileSync(join(work, "patterns"), patterns());
  const library = join(work, "buildContext.cjs");
  buildSync({
    entryPoints: [new URL("../src/core/context/files/buildContext.ts", import.meta.url).pathname],
    outfile: library,
    bundle: true,
    platform: "node",
    format: "cjs",
  });

  const rows = Object.entries(tasks).flatMap(([name, code]) => [
    measure(`${folders * filesInFolder} files of 1 KiB`, many, name, code, library),
  ]);
  rows.push(measure("one file of 1 GiB", big, "writeArchive, no gzip", tasks["writeArchive, no gzip"], library));
  console.table(rows);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function measure(
  tree: string,
  root: string,
  task: string,
  code: string,
  library: string,
): Record<string, string | number> {
  const dockerignoreFile = task.includes("patterns") ? join(work, "patterns") : undefined;
  const program = `
    const { BuildContext } = require(${JSON.stringify(library)});
    const nowhere = new (require("node:stream").Writable)({ write: (chunk, encoding, done) => done() });
    (async () => {
      const context = new BuildContext(${JSON.stringify({ root, dockerignoreFile })});
      let count = 0, longest = 0, last = performance.now();
      const beat = setInterval(() => {
        const now = performance.now();
        longest = Math.max(longest, now - last - 1);
        last = now;
      }, 1);
      const start = performance.now();
      ${code}
      const ms = performance.now() - start;
      clearInterval(beat);
      console.log(JSON.stringify({
        ms: Math.round(ms),
        "longest block (ms)": Math.round(longest),
        "peak MiB": Math.round(process.resourceUsage().maxRSS / 1024),
        count,
      }));
    })();`;
  const runs = [1, 2, 3].map(
    () => JSON.parse(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" })) as Record<string, number>,
  );
  runs.sort((a, b) => (a.ms ?? 0) - (b.ms ?? 0));
  return { tree, task, ...runs[1] };
}

function makeTree(root: string): void {
  const content = Buffer.alloc(1024, "image builders ");
  for (let folder = 0; folder < folders; folder++) {
    const path = join(root, `package-${folder % 50}`, `module-${folder}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < filesInFolder; file++) writeFileSync(join(path, `source-file-${file}.ts`), content);
  }
}

function makeBigFile(root: string): void {
  mkdirSync(root);
  const block = Buffer.alloc(64 * 1024 ** 2, 7);
  for (let written = 0; written < bigFileBytes; written += block.length)
    writeFileSync(join(root, "model.bin"), block, { flag: "a" });
}

/** Fifty lines as they are found in real folders; they exclude nothing here, so all of the tree is matched. */
function patterns(): string {
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
  ];
  return Array.from({ length: 5 }, (_, i) =>
    lines.map((line) => line.replace(/(\w)$/, `$1${i || ""}`)).join("\n"),
  ).join("\n");
}
