import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

/** Makes folders in each other, in a new folder, until their path is longer than the system takes. */
export function makeTooDeep(folder: string): void {
  const home = process.cwd();
  const name = "d".repeat(250);
  mkdirSync(folder, { recursive: true });
  try {
    process.chdir(folder);
    for (let depth = 0; depth < 20; depth++) {
      mkdirSync(name);
      process.chdir(name);
    }
  } finally {
    process.chdir(home);
  }
}

/** Removes such folders, which Node cannot. */
export function removeTooDeep(folder: string): void {
  execFileSync("rm", ["-rf", "--", folder]);
}
