import { readdirSync } from "node:fs";
import { identify, parentOf, stopProcess } from "./processes.mjs";

const signals = ["SIGINT", "SIGTERM"];

let isEnding = false;

/** Whether this program is about to end, so that nothing new should begin. */
export function isInterrupted() {
  return isEnding;
}

/**
 * Runs `cleanUp` before this program ends by Ctrl+C or by SIGTERM, after the programs it started have ended.
 *
 * @param {() => Promise<void>} cleanUp
 * @returns {() => void} takes that back
 */
export function onInterrupt(cleanUp) {
  const end = async () => {
    if (isEnding) return;
    isEnding = true;
    console.error("\nEnding what was started ...");
    // SIGINT lets mocha still run the hooks that end what its tests started.
    await Promise.all(children().map((pid) => stopProcess(identify(pid), { signal: "SIGINT" })));
    await cleanUp();
    process.exit(130);
  };
  const listener = () => void end();
  for (const name of signals) process.on(name, listener);
  return () => signals.forEach((name) => process.off(name, listener));
}

/**
 * The programs that this one started and that run; empty where there is no /proc, where Ctrl+C alone must reach them.
 */
function children() {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => parentOf(pid) === process.pid);
}
