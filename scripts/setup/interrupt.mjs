import { readdirSync } from "node:fs";
import { identify, parentOf, stopProcess } from "./processes.mjs";

const signals = ["SIGINT", "SIGTERM"];

let isEnding = false;

/** Whether this program is about to end, so that nothing new should be started. */
export function isInterrupted() {
  return isEnding;
}

/**
 * Runs `cleanUp` before this program ends by Ctrl+C or SIGTERM, after the programs that it started have ended.
 *
 * @param {() => Promise<void>} cleanUp
 * @returns {() => void} removes the handler
 */
export function onInterrupt(cleanUp) {
  const end = async () => {
    if (isEnding) return;
    isEnding = true;
    console.error("\nEnding what was started ...");
    // On SIGINT, mocha still runs the hooks that end what its tests started.
    await Promise.all(children().map((pid) => stopProcess(identify(pid), { signal: "SIGINT" })));
    await cleanUp();
    process.exit(130);
  };
  const listener = () => void end();
  for (const name of signals) process.on(name, listener);
  return () => signals.forEach((name) => process.off(name, listener));
}

/** Returns the running programs that this one started; empty without /proc, where only Ctrl+C itself reaches them. */
function children() {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => parentOf(pid) === process.pid);
}
