import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { systemCodeOf } from "../base/errors";
import { findProgram } from "./findProgram";
import { Watchdog, type WatchOptions } from "./watchdog";

/** Options for starting a child process. */
export interface ChildOptions extends WatchOptions, Pick<SpawnOptions, "cwd" | "stdio" | "windowsVerbatimArguments"> {
  /** Complete environment of the child; its PATH is also searched for the program. */
  readonly env: NodeJS.ProcessEnv;
}

/** Running program. */
export interface Child {
  readonly process: ChildProcess;
  /** Ends the program and everything it has started. May be called several times. */
  end(): void;
}

/** Time that a watchdog may take before the group is killed from here, in milliseconds. */
const watchdogMs = 1000;

/**
 * Starts a program that does not outlive this process, however this process ends. It leads a process group and a
 * session, so it has no terminal to prompt a person on. The remaining processes of the group are ended when the program
 * has ended; programs that leave the group on purpose, such as `gpg-agent`, keep running.
 *
 * @throws Error with the system code `ENOENT` or `EACCES` if there is no such program; the process's `error` event
 * reports other failures
 */
export function startChild(
  program: string,
  args: readonly string[],
  { env, cwd, stdio, windowsVerbatimArguments, ...watch }: ChildOptions,
): Child {
  const file = findProgram(program, env);
  // The watchdog starts first, so that the child is watched from its first moment.
  const watchdog = new Watchdog(watch);
  const child = start(
    file,
    args,
    { env, cwd, stdio, windowsVerbatimArguments, detached: process.platform !== "win32", windowsHide: true },
    watchdog,
  );
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  let isEnding = false;
  const end = (): void => {
    if (isEnding) return;
    isEnding = true;
    if (!watchdog.end(hasEnded() || child.pid === undefined)) return killGroup(child);
    if (hasEnded() || child.pid === undefined) return;
    const timer = setTimeout(() => killGroup(child), watchdogMs).unref();
    child.once("exit", () => clearTimeout(timer));
  };
  child.once("exit", end);
  child.once("error", () => child.pid === undefined && end());
  return { process: child, end };
}

function start(file: string, args: readonly string[], options: SpawnOptions, watchdog: Watchdog): ChildProcess {
  try {
    const child = spawnProgram(file, args, options);
    if (child.pid !== undefined) watchdog.watch(child.pid);
    return child;
  } catch (error) {
    watchdog.end(true);
    throw error;
  }
}

/** Starts a program. Windows runs batch files, such as most cloud tools, only in a shell. */
function spawnProgram(file: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  if (process.platform !== "win32" || !/\.(?:bat|cmd)$/i.test(file)) return spawn(file, args, options);
  return spawn(`"${file}"`, args, { ...options, shell: true });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch (error) {
    // The process has already ended; macOS reports EPERM until its parent has noticed.
    if (!["ESRCH", "EPERM"].includes(systemCodeOf(error) ?? "")) throw error;
  }
}
