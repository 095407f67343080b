// Disk space and time for the history of 200 builds whose logs have 1 MB each, and for one with incompressible logs.
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newBuildId } from "../src/core/history/buildId";
import { HistoryStore } from "../src/core/history/historyStore";
import { LogText } from "../src/core/history/logText";
import { LogWriter } from "../src/core/history/logWriter";
import { thisProcess } from "../src/core/history/owner";

const builds = 200;
const logBytes = 1e6;
const ignore = (): void => {};
const log = { debug: ignore, info: ignore, warn: console.warn, error: console.error };

/** A line as package managers and compilers print them, or one that no compression shortens. */
function line(kind: "usual" | "random", at: number): string {
  const start = `#${(at % 9) + 1} ${(at / 37).toFixed(3)} Get:${at}`;
  return kind === "usual"
    ? `${start} http://deb.example.com/debian main package-${(at * 7919) % 9973} [${at % 977} kB]`
    : randomBytes(60).toString("base64");
}

async function measure(kind: "usual" | "random"): Promise<Record<string, string | number>> {
  const folder = mkdtempSync(join(tmpdir(), "bench-history-"));
  try {
    const store = new HistoryStore(folder, log);
    let storeMs = 0;
    let last = "";
    for (let i = 0; i < builds; i++) {
      const startedAt = Date.now() - (builds - i) * 60_000;
      last = newBuildId(new Date(startedAt));
      const text = new LogText();
      for (let at = 0, size = 0; size < logBytes; at++) {
        const each = line(kind, at);
        size += each.length + 1;
        text.append(each);
      }
      const begun = performance.now();
      const writer = new LogWriter(folder, last, text, console.error);
      await store.save({
        id: last,
        kind: "build",
        state: "done",
        startedAt,
        endedAt: startedAt + 30_000,
        imageNames: ["registry.example.com/team/web:1.2.3"],
        answers: {
          folder: "/work/web",
          dockerfile: "/work/web/Dockerfile",
          imageName: "web",
          builder: "local",
          options: {},
        },
        result: { imageName: "registry.example.com/team/web:1.2.3", durationMs: 30_000, sizeBytes: 123_456_789 },
        owner: thisProcess,
      });
      await writer.end();
      await store.prune();
      storeMs += performance.now() - begun;
    }
    const listBegun = performance.now();
    const listed = await new HistoryStore(folder, log).list();
    const listMs = performance.now() - listBegun;
    const logBegun = performance.now();
    const read = await store.readLog(last);
    const logMs = performance.now() - logBegun;
    const files = readdirSync(folder);
    const sizeBytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    return {
      logs: kind,
      "builds kept": listed.length,
      "logs kept": files.filter((name) => name.endsWith(".log.gz")).length,
      "disk MB": Number((sizeBytes / 1e6).toFixed(1)),
      "store and prune, ms per build": Number((storeMs / builds).toFixed(1)),
      "list, ms": Number(listMs.toFixed(1)),
      "read a log, ms": Number(logMs.toFixed(1)),
      "log MB": Number(((read?.length ?? 0) / 1e6).toFixed(2)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

console.table([await measure("usual"), await measure("random")]);
