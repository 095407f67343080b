import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { findProgram, toolEnvironment, waitFor } from "./steps.mjs";

/**
 * Process, distinguishable from a later one with the same number: `startedAt` counts clock ticks since the machine
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
 * Whether exactly this process is running. A zombie is not, once its last thread has released its sockets.
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
 * Returns the number of a process's parent; undefined if the process has ended.
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
    // The name in parentheses can contain spaces and parentheses. State is field 3, the number of threads field 20, and
    // the start time field 22.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return {
      state: fields[0] ?? "",
      parent: Number(fields[1]),
      threads: Number(fields[17]),
      startedAt: fields[19] ?? "",
    };
  } catch {
    // Without /proc, a signal shows whether the process exists, but not whether it is a later one.
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
 * Returns the words before a command that make the kernel end it together with the process that starts it. Empty
 * without `setpriv`, which Debian always has.
 *
 * @param {"TERM" | "INT"} [signal]
 * @returns {readonly string[]}
 */
export function withParent(signal = "TERM") {
  return findProgram("setpriv") ? ["setpriv", "--pdeathsig", signal] : [];
}

/**
 * Starts a server in the background and writes its output to `logFile`.
 *
 * @param {readonly string[]} command program and its arguments
 * @param {{ logFile: string, env?: NodeJS.ProcessEnv, outlives?: boolean }} options with `outlives`, it continues after
 * this process has ended
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
 * Asks a process to end, and kills it after `graceMs`. Does nothing if it has ended.
 *
 * @param {ProcessId | undefined} id
 * @param {{ graceMs?: number, signal?: NodeJS.Signals }} [options] `graceMs` of 0 kills immediately
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
