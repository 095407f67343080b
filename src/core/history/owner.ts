import { hostname } from "node:os";
import type { BuildRecord } from "./buildRecord";

/** Interval in milliseconds at which the owner of a running build touches its log. */
export const beatMs = 20_000;
/** Time in milliseconds after which a log that was not touched belongs to a build that no longer runs. */
const silentMs = 5 * 60_000;

/** This process, as the owner of the builds that it runs. */
export const thisProcess: BuildRecord["owner"] = { pid: process.pid, host: hostname() };

/**
 * Checks whether the process that runs a build is still there. The ID of a process may be used again, so its log must
 * have been touched recently, too.
 *
 * @param touchedAt time of the log's last change in milliseconds since 1970; undefined without a log
 */
export function isRunning({ owner, startedAt }: BuildRecord, touchedAt: number | undefined, now = Date.now()): boolean {
  if (now - Math.max(touchedAt ?? 0, startedAt) > silentMs) return false;
  return owner.host !== thisProcess.host || isProcess(owner.pid);
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
