import { runProgram, type RunOptions, type RunOutcome } from "./runProgram";

/**
 * Runs a command line in the system's shell, as `child_process.exec` does, with the limits of `runProgram`.
 *
 * @param command must be the user's own, because a shell executes all of it
 */
export function runShell(command: string, options: RunOptions): Promise<RunOutcome> {
  if (process.platform !== "win32") return runProgram("/bin/sh", ["-c", command], options);
  const shell = options.env["ComSpec"] ?? options.env["COMSPEC"] ?? "cmd.exe";
  // By default, cmd.exe searches the working directory for programs first.
  const env = { ...options.env, NoDefaultCurrentDirectoryInExePath: "1" };
  return runProgram(shell, ["/d", "/s", "/c", `"${command}"`], { ...options, env, windowsVerbatimArguments: true });
}
