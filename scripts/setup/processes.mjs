import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { findProgram, toolEnvironment, waitFor } from "./steps.mjs";

/**
 * A process that can be told from a later one with the same number: `startedAt` counts clock ticks since the machine
 * booted.
 *
 * @typedef {{ pid: number, startedAt: string }} ProcessId
 */

/**
 * @param {number} pid
 * @returns {ProcessId}
 */
export function identify(pid) {
  return { pid, startedAt: statusOf(pid)?.startedAt ?? "" };
}

/**
 * Whether exactly that process runs; one that ended and waits for its parent does not, once its last thread has let go
 * of its sockets.
 *
 * @param {ProcessId | undefined} id
 */
export function isAlive(id) {
  if (!id) return false;
  const status = statusOf(id.pid);
  return (
    status !== undefined &&
    status.startedAt === id.startedAt &&
    (!["Z", "X"].includes(status.state) || status.threads > 1)
  );
}

/**
 * The number of the process that started another, or nothing if that is gone.
 *
 * @param {number} pid
 */
export function parentOf(pid) {
  return statusOf(pid)?.parent;
}

/**
 * @param {number} pid
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function statusOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold blanks and parentheses itself; state is field 3, the number of threads field 20,
    // the start time field 22.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return {
      state: fields[0] ?? "",
      parent: Number(fields[1]),
      threads: Number(fields[17]),
      startedAt: fields[19] ?? "",
    };
  } catch {
    // Where there is no /proc a signal tells whether the process is there, and nothing tells it from a later one.
    return process.platform !== "linux" && canSignal(pid)
      ? { state: "?", parent: 0, threads: 1, startedAt: "" }
      : undefined;
  }
}

/** @param {number} pid */
function canSignal(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * What to put before a command so that the kernel ends it with the process that starts it, however that ends; nothing
 * where there is no `setpriv`, which Debian always has.
 *
 * @param {"TERM" | "INT"} [signal]
 * @returns {readonly string[]}
 */
export function withParent(signal = "TERM") {
  return findProgram("setpriv") ? ["setpriv", "--pdeathsig", signal] : [];
}

/**
 * Starts a server in the background, its output in `logFile`.
 *
 * @param {readonly string[]} command the program and its arguments
 * @param {{ logFile: string, env?: NodeJS.ProcessEnv, outlives?: boolean }} options `outlives` lets it run on when this
 * process has ended
 */
export async function startServer(command, { logFile, env, outlives = false }) {
  const [program = "", ...args] = outlives ? command : [...withParent(), ...command];
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, "a");
  const child = spawn(program, args, {
    cwd: "/",
    env: toolEnvironment(env),
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  await once(child, "spawn");
  child.unref();
  return identify(/** @type {number} */ (child.pid));
}

/**
 * Asks a process to end, and ends it after `graceMs`; does nothing if it is gone.
 *
 * @param {ProcessId | undefined} id
 * @param {{ graceMs?: number, signal?: NodeJS.Signals }} [options] 0 kills at once
 */
export async function stopProcess(id, { graceMs = 15_000, signal = "SIGTERM" } = {}) {
  if (!id || !isAlive(id)) return;
  const isGone = () => !isAlive(id);
  const wait = (/** @type {number} */ timeoutMs) =>
    waitFor(isGone, { timeoutMs, describe: () => `Process ${id.pid} does not end.` });
  if (graceMs > 0) {
    send(id, signal);
    if (await wait(graceMs).catch(() => false)) return;
  }
  send(id, "SIGKILL");
  await wait(10_000);
}

/**
 * @param {ProcessId} id
 * @param {NodeJS.Signals} name
 */
function send(id, name) {
  try {
    process.kill(id.pid, name);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}
