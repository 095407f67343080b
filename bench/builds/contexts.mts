import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Folder to build, and how it changes between builds. */
export interface BenchContext {
  readonly what: string;
  readonly root: string;
  readonly dockerfile: string;
  /** Path of the file that is overwritten with other content of the same length. */
  readonly changed: string;
  /** Path of the file that is added. */
  readonly added: string;
}

type Made = Pick<BenchContext, "what" | "changed"> & Partial<BenchContext>;

const makers = { A: manyFiles, B: excludedPackages, C: largeFile, D: text, E: uncopied, nothing: oneFile } as const;

/** Names of the contexts, as in the tables. `nothing` measures the daemon's own time. */
export type ContextName = keyof typeof makers;

/** Names of all contexts. */
export const contextNames = Object.keys(makers) as ContextName[];

/** Creates a context in a folder. */
export function makeContext(name: ContextName, below: string): BenchContext {
  const root = join(below, name);
  const made: BenchContext = { root, dockerfile: "FROM scratch\nCOPY . /\n", added: "added.py", ...makers[name](root) };
  write(root, "Dockerfile", made.dockerfile);
  return made;
}

function manyFiles(root: string): Made {
  const piece = pieces(4096);
  for (let i = 0; i < 10_000; i++) write(root, `package-${i % 100}/file-${i}.py`, piece(i));
  return { what: "10,000 files of 4 KiB of source code", changed: "package-50/file-50.py" };
}

function excludedPackages(root: string): Made {
  write(root, ".dockerignore", "**/node_modules\n**/.git\n**/*.log\n");
  for (let i = 0; i < 10_000; i++) write(root, `src/package-${i % 100}/file-${i}.ts`, randomBytes(1024));
  for (let i = 0; i < 90_000; i++)
    write(root, `node_modules/package-${i % 900}/lib/file-${i}.js`, "module.exports = 1;\n".repeat(51));
  return { what: "100,000 files of 1 KiB, 90,000 of them excluded", changed: "src/package-50/file-50.ts" };
}

function largeFile(root: string): Made {
  for (let i = 0; i < 16; i++) write(root, "model.bin", randomBytes(64 * 1024 ** 2), "a");
  for (let i = 0; i < 5; i++) write(root, `code/file-${i}.py`, randomBytes(4096));
  return { what: "one file of 1 GiB and five small ones", changed: "code/file-3.py" };
}

function text(root: string): Made {
  const piece = pieces(100 * 1024);
  for (let i = 0; i < 5_000; i++) write(root, `corpus/part-${i % 50}/text-${i}.txt`, piece(i));
  return { what: "500 MiB of source code in 5,000 files", changed: "corpus/part-25/text-25.txt" };
}

/**
 * Returns a function that cuts different pieces from Python's standard library, because generated text compresses far
 * better than real code.
 */
function pieces(sizeBytes: number): (i: number) => Buffer {
  const library = execFileSync("/usr/bin/python3", ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"], {
    encoding: "utf8",
  }).trim();
  const files = readdirSync(library, { withFileTypes: true }).filter(
    (file) => file.isFile() && file.name.endsWith(".py"),
  );
  const all = Buffer.concat(files.map(({ name }) => readFileSync(join(library, name))));
  return (i) => {
    const start = (i * 104_729) % (all.length - sizeBytes);
    return all.subarray(start, start + sizeBytes);
  };
}

function uncopied(root: string): Made {
  const dockerfile = "FROM scratch\nCOPY package.json src /app/\n";
  write(root, "package.json", "{}\n");
  for (let i = 0; i < 20; i++) write(root, `src/file-${i}.ts`, randomBytes(4096));
  for (let i = 0; i < 150_000; i++) write(root, `data/part-${i % 1500}/sample-${i}.json`, "");
  return {
    what: "150,000 empty files that nothing copies beside 20 files of 4 KiB",
    dockerfile,
    changed: "src/file-3.ts",
    added: "src/added.ts",
  };
}

function oneFile(root: string): Made {
  write(root, "file.txt", "x");
  return { what: "nothing to transfer", changed: "file.txt" };
}

function write(root: string, path: string, content: string | Buffer, flag = "w"): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { flag });
}
