import { spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { posixWatchdog, windowsWatchdog } from "./watchdogScript";

/** Additional things that a watchdog cleans up, besides the child's process group and its descendants. */
export interface WatchOptions {
  /**
   * Text in the child's environment: every process that has it is ended too, even one that left the group and whose
   * parent has ended. Not used on Windows.
   */
  readonly mark?: string;
  /** Folder that is deleted once nothing is running anymore. */
  readonly folder?: string;
}

/**
 * Process that waits at the end of a pipe which only this process holds. The kernel closes the pipe however this
 * process ends, so the watchdog ends the started programs even after a SIGKILL.
 */
export class Watchdog {
  readonly #process: ChildProcess;
  #isGone = false;

  constructor({ mark = "", folder = "" }: WatchOptions = {}) {
    this.#process = process.platform === "win32" ? startWindows(mark, folder) : startPosix(mark, folder);
    this.#process.once("error", () => (this.#isGone = true));
    this.#process.once("exit", () => (this.#isGone = true));
    this.#process.stdin?.on("error", () => (this.#isGone = true));
    // The watchdog must not keep this process alive; code that starts a child decides whether to wait for it.
    this.#process.unref();
    (this.#process.stdin as Socket | null)?.unref();
  }

  /** Tells the watchdog the id of the child, which must lead its own process group. */
  watch(pid: number): void {
    this.#process.stdin?.write(`${pid}\n`);
  }

  /** Ends everything that belongs to the child. Returns false if the watchdog itself has ended. */
  end(hasEnded: boolean): boolean {
    if (this.#isGone) return false;
    this.#process.stdin?.end(hasEnded ? "ended\n" : undefined);
    return true;
  }
}

/** Starts the watchdog. Its environment, which other processes may read, contains nothing of ours. */
function startPosix(mark: string, folder: string): ChildProcess {
  const env = { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" };
  return spawn("/bin/sh", ["-c", posixWatchdog, "image-builders-watchdog", mark, folder], {
    cwd: "/",
    env,
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
}

function startWindows(mark: string, folder: string): ChildProcess {
  const env = { ELECTRON_RUN_AS_NODE: "1", SystemRoot: process.env["SystemRoot"] };
  return spawn(process.execPath, ["-e", windowsWatchdog, mark, folder], {
    env,
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    windowsHide: true,
  });
}
