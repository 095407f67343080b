import { readdirSync } from "node:fs";
import { identify, parentOf, stopProcess } from "./processes.mjs";

/**
 * Runs `cleanUp` before this program ends by Ctrl+C or by SIGTERM, after the programs it started have ended.
 *
 * @param {() => Promise<void>} cleanUp
 */
export function onInterrupt(cleanUp) {
  let isEnding = false;
  const end = async () => {
    if (isEnding) return;
    isEnding = true;
    console.error("\nEnding what was started ...");
    // SIGINT lets mocha still run the hooks that end what its tests started.
    await Promise.all(children().map((pid) => stopProcess(identify(pid), { signal: "SIGINT" })));
    await cleanUp();
    process.exit(130);
  };
  for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => void end());
}

/** The programs that this one started and that run; empty where there is no /proc, where Ctrl+C alone must reach them. */
function children() {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => parentOf(pid) === process.pid);
}
