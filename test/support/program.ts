import { chmodSync } from "node:fs";
import { delimiter, join } from "node:path";
import { writeFiles } from "./folder";

const isWindows = process.platform === "win32";

/**
 * Writes a program that this machine can start by its name: a shell's script, or a batch file on Windows.
 *
 * @param code JavaScript (CommonJS), run by this Node
 */
export function writeProgram(folder: string, name: string, code: string): void {
  const script = join(folder, `${name}.js`);
  const command = `"${process.execPath}" "${script}"`;
  const file = isWindows ? `${name}.cmd` : name;
  writeFiles(folder, {
    [`${name}.js`]: code,
    [file]: isWindows ? `@${command} %*\r\n` : `#!/bin/sh\nexec ${command} "$@"\n`,
  });
  chmodSync(join(folder, file), 0o755);
}

/** Runs `work` with other environment variables; those that are undefined are absent. */
export async function withEnvironment<T>(
  changes: Readonly<Record<string, string | undefined>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = Object.fromEntries(Object.keys(changes).map((name) => [name, process.env[name]]));
  const set = (values: Readonly<Record<string, string | undefined>>): void => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  set(changes);
  try {
    return await work();
  } finally {
    set(before);
  }
}

/** The PATH with a folder before all others. */
export function pathWith(folder: string): string {
  return [folder, process.env["PATH"] ?? ""].join(delimiter);
}
