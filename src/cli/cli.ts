#!/usr/bin/env node
import { ignoreClosedStreams } from "./console";
import { main } from "./main";

const canceling = new AbortController();

// A second Ctrl+C ends the program at once.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => canceling.abort());
ignoreClosedStreams();

// Connections that are kept alive must not keep the program.
void main(process.argv.slice(2), canceling.signal).then((exitCode) => process.exit(exitCode));
