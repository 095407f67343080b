import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const made: string[] = [];

/** A new folder with these files, taken away after the tests of the file that made it. */
export function temporaryFolder(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), "image-builders-"));
  chmodSync(root, 0o755);
  made.push(root);
  writeFiles(root, files);
  return root;
}

/** Writes files below a folder, making the folders between. */
export function writeFiles(root: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** Removes every folder that was made. On Windows a program that was just ended may hold one for a moment. */
export function removeTemporaryFolders(): void {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true, maxRetries: 20 });
}
