#!/usr/bin/env node
import { watchOutputs } from "./console";
import { exitCodes, main } from "./main";

const canceling = new AbortController();
let canceledBy: NodeJS.Signals | undefined;

// A second Ctrl+C terminates the program immediately.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    canceledBy = signal;
    canceling.abort();
  });
}
watchOutputs();

// Exits explicitly, since connections that are kept alive would keep the process running.
void main(process.argv.slice(2), canceling.signal).then((exitCode) =>
  process.exit(exitCode === exitCodes.interrupted && canceledBy === "SIGTERM" ? exitCodes.terminated : exitCode),
);
