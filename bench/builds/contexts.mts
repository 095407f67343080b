import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A folder to build, and how it is touched between two builds. */
export interface BenchContext {
  readonly what: string;
  readonly root: string;
  /** The file that is rewritten with other content of the same length. */
  readonly changed: string;
}

const makers = { A: manyFiles, B: excludedPackages, C: largeFile, D: text, nothing: oneFile } as const;

/** The contexts by the letters that the tables use; `nothing` is for what the daemon needs by itself. */
export type ContextName = keyof typeof makers;

/** All of them. */
export const contextNames = Object.keys(makers) as ContextName[];

/** Writes a context below a folder. */
export function makeContext(name: ContextName, below: string): BenchContext {
  const root = join(below, name);
  write(root, "Dockerfile", "FROM scratch\nCOPY . /\n");
  return { root, ...makers[name](root) };
}

function manyFiles(root: string): Omit<BenchContext, "root"> {
  for (let i = 0; i < 10_000; i++) write(root, `package-${i % 100}/file-${i}.py`, randomBytes(4096));
  return { what: "10,000 files of 4 KiB", changed: "package-50/file-50.py" };
}

function excludedPackages(root: string): Omit<BenchContext, "root"> {
  write(root, ".dockerignore", "**/node_modules\n**/.git\n**/*.log\n");
  for (let i = 0; i < 10_000; i++) write(root, `src/package-${i % 100}/file-${i}.ts`, randomBytes(1024));
  for (let i = 0; i < 90_000; i++) write(root, `node_modules/package-${i % 900}/lib/file-${i}.js`, "module.exports = 1;\n".repeat(51));
  return { what: "100,000 files of 1 KiB, 90,000 of them excluded", changed: "src/package-50/file-50.ts" };
}

function largeFile(root: string): Omit<BenchContext, "root"> {
  for (let i = 0; i < 16; i++) write(root, "model.bin", randomBytes(64 * 1024 ** 2), "a");
  for (let i = 0; i < 5; i++) write(root, `code/file-${i}.py`, randomBytes(4096));
  return { what: "one file of 1 GiB and five small ones", changed: "code/file-3.py" };
}

function text(root: string): Omit<BenchContext, "root"> {
  const words = Array.from({ length: 2000 }, () => randomBytes(4).toString("hex"));
  for (let i = 0; i < 5_000; i++) {
    const content = Array.from({ length: 11_400 }, (_, j) => words[(i * 7919 + j * j) % words.length]).join(" ");
    write(root, `corpus/part-${i % 50}/text-${i}.txt`, content);
  }
  return { what: "500 MiB of text in 5,000 files", changed: "corpus/part-25/text-25.txt" };
}

function oneFile(root: string): Omit<BenchContext, "root"> {
  write(root, "file.txt", "x");
  return { what: "nothing to transfer", changed: "file.txt" };
}

function write(root: string, path: string, content: string | Buffer, flag = "w"): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { flag });
}
