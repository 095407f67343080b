import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { systemCodeOf } from "../base/errors";

/**
 * Finds a program in the PATH of `env`. Skips relative folders in it, and never looks in the working directory as
 * Windows does: a workspace must not decide which program runs.
 *
 * @returns an absolute path
 * @throws Error with the system code `ENOENT`, or `EACCES` for a file that may not be executed
 */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string {
  if (isAbsolute(name)) return name;
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const endings = process.platform === "win32" ? (env["PATHEXT"] ?? ".COM;.EXE;.BAT;.CMD").split(";") : [""];
  let isDenied = false;
  for (const file of folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending)))) {
    try {
      if (!statSync(file).isFile()) continue;
      accessSync(file, constants.X_OK);
      return file;
    } catch (error) {
      isDenied ||= systemCodeOf(error) === "EACCES";
    }
  }
  const code = isDenied ? "EACCES" : "ENOENT";
  throw Object.assign(new Error(`spawn ${name} ${code}`), { code });
}
