// Compares our builds with the tools in use today, on a daemon whose data and build contexts are in memory: npx tsx
// bench/builds.mts [--engine 20|26|28] [--contexts A,B,C,D,E] [--methods <part of the name>,...] [--runs 6]
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Daemon } from "../scripts/engines/daemon.mjs";
import { ensureEnginePackages, type Release } from "../scripts/engines/releases.mjs";
import { ensureDockerPy } from "../scripts/oracle/dockerPy.mjs";
import { contextNames, makeContext, type BenchContext, type ContextName } from "./builds/contexts.mjs";
import { methodsOn, type Measured, type Method, type Order } from "./builds/methods.mjs";
import { touch, type Phase, phases } from "./builds/phases.mjs";
import { bundled, programsOf } from "./builds/programs.mjs";
import { CountingProxy } from "./builds/countingProxy.mjs";
import { startWorker } from "./builds/worker.mjs";
import { median, writeResults, type Row } from "./results.mjs";

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { engine: text, contexts: text, methods: text, runs: text } });
const engine = (values.engine ?? "installed") as Release;
const runs = Number(values.runs ?? 6);
const wantedContexts = (values.contexts?.split(",") ?? contextNames) as ContextName[];
const daemonSizeMiB = 12 * 1024;
const slowRuns = 1;

type Samples = Map<string, Measured[]>;
type SentBytes = ReadonlyMap<string, number>;

await ensureEnginePackages();
await ensureDockerPy();
const work = mkdtempSync(join("/dev/shm", "bench-builds-"));
const daemon = new Daemon(join(mkdtempSync(join(tmpdir(), "bench-builds-")), "engine"), {
  release: engine,
  dataSizeMiB: daemonSizeMiB,
});
try {
  const version = await startAgain();
  const warmUp = makeContext("nothing", join(work, "warm-up"));
  const programs = {
    ours: await bundled("ours", work),
    dockerode: await bundled("dockerode", work),
    ...(await programsOf(engine, work)),
  };
  const isWanted = ({ name }: Method): boolean =>
    !values.methods || values.methods.split(",").some((part) => name.includes(part));
  const methods = methodsOn(daemon.dockerHost, programs).filter(isWanted);
  const proxySocket = join(work, "counted.sock");
  const counted = methodsOn(`unix://${proxySocket}`, programs).filter((method) => method.isCounted && isWanted(method));
  for (const name of wantedContexts) {
    const context = makeContext(name, work);
    const samples = await measure(context, methods, warmUp);
    const sent = await countBytes(context, counted, proxySocket);
    rmSync(context.root, { recursive: true });
    const how =
      `${context.what}; ${stepsOf(context)}; ` +
      `daemon ${version} with its data in memory, contexts in memory, started again for each round and pruned ` +
      "before each first build; methods in turn, medians; what is sent is counted in a round of its own. " +
      "Whole process for command lines; " +
      "ours and dockerode stay open for the builds of a round, as an editor does; " +
      "the first method of a round builds a folder with one file before the clock runs; " +
      "ratio to `docker build` with BuildKit.";
    writeResults(`Builds of context ${name} on ${version}`, how, rowsOf(methods, samples, sent));
  }
} finally {
  await daemon.remove();
  rmSync(work, { recursive: true, force: true });
}

/**
 * Measures all phases of one method before the next method, so that other load on the machine affects all methods
 * alike. A warm-up build keeps the loading of modules and the daemon's very first build out of the measurements.
 */
async function measure(context: BenchContext, methods: readonly Method[], warmUp: BenchContext): Promise<Samples> {
  const samples: Samples = new Map();
  for (let round = 0; round < runs; round++) {
    await startAgain();
    for (const method of inTurn(methods, round)) {
      const worker = startWorker(method, { PATH: process.env.PATH, HOME: work, TMPDIR: work });
      await worker.build(orderOf(warmUp, "first"));
      await prune();
      for (const phase of phasesOf(method)) {
        touch(context, phase);
        const key = keyOf(method, phase);
        samples.set(key, [...(samples.get(key) ?? []), await worker.build(orderOf(context, phase))]);
      }
      worker.close();
    }
  }
  return samples;
}

/**
 * Rotates the order of the methods that take part in all rounds. The slow ones are last, because they leave the most
 * data behind.
 */
function inTurn(methods: readonly Method[], round: number): Method[] {
  const quick = methods.filter(({ isSlow }) => !isSlow);
  const first = round % quick.length;
  return [
    ...quick.slice(first),
    ...quick.slice(0, first),
    ...(round < slowRuns ? methods.filter(({ isSlow }) => isSlow) : []),
  ];
}

/**
 * Starts the daemon with empty data. Pruning is not enough for equal rounds: a daemon that builds the same layer twice
 * keeps the first one forever. Returns its version.
 */
async function startAgain(): Promise<string> {
  await daemon.remove();
  const { version = "" } = (await (await daemon.start()).version()) ?? {};
  return version;
}

/** Counts the bytes sent in separate builds, because the proxy takes time. */
async function countBytes(context: BenchContext, methods: readonly Method[], proxySocket: string): Promise<SentBytes> {
  const proxy = await CountingProxy.before(daemon.socket, proxySocket);
  const sent = new Map<string, number>();
  for (const method of methods) {
    await prune();
    const worker = startWorker(method, { PATH: process.env.PATH, HOME: work, TMPDIR: work });
    for (const phase of phasesOf(method)) {
      touch(context, phase);
      proxy.sentBytes = 0;
      await worker.build(orderOf(context, phase));
      sent.set(keyOf(method, phase), proxy.sentBytes);
    }
    worker.close();
  }
  proxy.close();
  return sent;
}

function rowsOf(methods: readonly Method[], samples: Samples, sent: SentBytes): Row[] {
  const rival = methods.find(({ isRival }) => isRival);
  return phases.flatMap((phase) =>
    methods
      .filter((method) => phasesOf(method).includes(phase))
      .map((method): Row => {
        const found = samples.get(keyOf(method, phase)) ?? [];
        const ms = median(found.map((each) => each.ms));
        const rivalMs = rival && median((samples.get(keyOf(rival, phase)) ?? []).map((each) => each.ms));
        return {
          build: phase,
          method: method.name,
          ms: Math.round(ms),
          ratio: rivalMs ? Math.round((ms / rivalMs) * 100) / 100 : undefined,
          "client CPU ms": Math.round(median(found.map((each) => each.cpuMs))),
          "peak MiB": Math.round(median(found.map((each) => each.peakMiB))),
          "KB sent": kilobytes(sent.get(keyOf(method, phase))),
          runs: found.length,
        };
      }),
  );
}

function stepsOf({ dockerfile }: BenchContext): string {
  return dockerfile
    .trim()
    .split("\n")
    .map((line) => `\`${line}\``)
    .join(", ");
}

/** Skips the phase "nothing to send" for methods that always send everything. */
function phasesOf({ isCounted }: Method): readonly Phase[] {
  return isCounted ? phases : phases.filter((phase) => phase !== "nothing to send");
}

function orderOf({ root }: BenchContext, phase: Phase): Order {
  return { root, imageName: "bench:1", noCache: phase === "nothing to send" };
}

function kilobytes(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : Math.round(bytes / 1000);
}

function keyOf(method: Method, phase: Phase): string {
  return `${method.name}/${phase}`;
}

/** Removes everything that a first build could reuse. */
async function prune(): Promise<void> {
  await post("/images/bench:1?force=true", "DELETE");
  await post("/build/prune?all=true", "POST");
  await post(`/images/prune?filters=${encodeURIComponent('{"dangling":["false"]}')}`, "POST");
  // The daemon continues deleting for a while, which would slow down only the next build.
  await setTimeout(1000);
}

function post(path: string, method: "POST" | "DELETE"): Promise<void> {
  return new Promise((resolve, reject) => {
    request({ socketPath: daemon.socket, path, method }, (response) => response.resume().on("end", resolve))
      .on("error", reject)
      .end();
  });
}
