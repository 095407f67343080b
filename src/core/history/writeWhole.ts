import { renameSync, rmSync, writeFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";

/** Only the user may read the files: logs name paths and hosts. */
const options = { mode: 0o600, flag: "wx" } as const;

let last = 0;

/** Writes a file so that other processes see either its old or its new content. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = temporaryOf(file);
  try {
    await writeFile(temporary, content, options);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes a file as `writeWhole` does, before it returns: for a process that is about to end. */
export function writeWholeNow(file: string, content: string | Uint8Array): void {
  const temporary = temporaryOf(file);
  try {
    writeFileSync(temporary, content, options);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function temporaryOf(file: string): string {
  return `${file}.${process.pid}-${last++}.tmp`;
}
