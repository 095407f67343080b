// Compares our uploads and exports with those of `docker build` where the daemon is far away: npx tsx
// bench/distance.mts [--engine 26|28] [--runs 6]
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Daemon } from "../scripts/engines/daemon.mjs";
import { ensureEnginePackages, type Release } from "../scripts/engines/releases.mjs";
import { DistantProxy } from "./builds/distantProxy.mjs";
import { methodsOn, type Measured } from "./builds/methods.mjs";
import { bundled, programsOf } from "./builds/programs.mjs";
import { startWorker } from "./builds/worker.mjs";
import { median, writeResults } from "./results.mjs";

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { engine: text, runs: text } });
const engine = (values.engine ?? "28") as Release;
const runs = Number(values.runs ?? 6);
const megabytes = 40;
const roundTripMs = 50;
const phases = ["upload", "export"] as const;

await ensureEnginePackages();
const work = mkdtempSync(join("/dev/shm", "bench-distance-"));
const folder = mkdtempSync(join(tmpdir(), "bench-distance-"));
const daemon = new Daemon(join(folder, "engine"), { release: engine, dataSizeMiB: 4 * 1024 });
const socket = join(work, "distant.sock");
try {
  const { version = "" } = (await (await daemon.start()).version()) ?? {};
  const programs = {
    ours: await bundled("ours", work),
    dockerode: "",
    ...(await programsOf(engine, work)),
  };
  const methods = methodsOn(`unix://${socket}`, programs).filter(({ isCounted }) => isCounted);
  const proxy = await DistantProxy.before(daemon.socket, socket, roundTripMs);
  const samples = new Map<string, Measured[]>();
  const root = join(work, "context");
  mkdirSync(root);
  for (let round = 0; round < runs; round++)
    for (const method of round % 2 === 0 ? methods : methods.toReversed()) {
      const worker = startWorker(method, { PATH: process.env.PATH, HOME: work, TMPDIR: work });
      const order = { root, imageName: "bench:1", noCache: false };
      writeFileSync(join(root, "Dockerfile"), "FROM scratch\nCOPY data /\n");
      writeFileSync(join(root, "data"), "warm-up");
      await worker.build(order);
      writeFileSync(join(root, "data"), randomBytes(megabytes * 1e6));
      for (const phase of phases) {
        const dest = phase === "export" ? join(work, "exported") : undefined;
        const key = `${method.name}/${phase}`;
        samples.set(key, [...(samples.get(key) ?? []), await worker.build({ ...order, dest })]);
        rmSync(join(work, "exported"), { recursive: true, force: true });
      }
      worker.close();
    }
  proxy.close();
  const msOf = (name: string, phase: string): number =>
    median((samples.get(`${name}/${phase}`) ?? []).map(({ ms }) => ms));
  const rival = methods.find(({ isRival }) => isRival)?.name ?? "";
  writeResults(
    `Distance of ${roundTripMs} ms to ${version}`,
    `One file of ${megabytes} MB that cannot be compressed, uploaded and then exported to a folder; every byte ` +
      `passes a proxy that delays it by ${roundTripMs / 2} ms in each direction, without a limit on the width of the ` +
      "line; " +
      "daemon and context in memory; in turn, medians; a build of a small file comes before; ratio to `docker build`.",
    phases.flatMap((phase) =>
      methods.map(({ name }) => ({
        transfer: phase,
        method: name,
        ms: Math.round(msOf(name, phase)),
        ratio: Math.round((msOf(name, phase) / msOf(rival, phase)) * 100) / 100,
        runs,
      })),
    ),
  );
} finally {
  await daemon.remove();
  rmSync(work, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
