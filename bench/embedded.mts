// Compares builds without a daemon with `docker build` and `docker push`, to a registry on this machine: npx tsx
// bench/embedded.mts [--engine 20|26|28] [--contexts A,base,C,D] [--runs 5]
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Daemon } from "../scripts/engines/daemon.mjs";
import { Registry } from "../scripts/engines/registry.mjs";
import { ensureEnginePackages, type Release } from "../scripts/engines/releases.mjs";
import { makeContext, type BenchContext, type ContextName } from "./builds/contexts.mjs";
import type { Measured, Method } from "./builds/methods.mjs";
import { touch } from "./builds/phases.mjs";
import { bundled, programsOf } from "./builds/programs.mjs";
import { startWorker } from "./builds/worker.mjs";
import { median, writeResults } from "./results.mjs";

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { engine: text, contexts: text, runs: text } });
const engine = (values.engine ?? "installed") as Release;
const runs = Number(values.runs ?? 5);
const contexts = (values.contexts?.split(",") ?? ["A", "base", "D"]) as (ContextName | "base")[];
const phases = ["first", "unchanged", "one changed"] as const;

await ensureEnginePackages();
const work = mkdtempSync(join("/dev/shm", "bench-embedded-"));
const folder = mkdtempSync(join(tmpdir(), "bench-embedded-"));
const daemon = new Daemon(join(folder, "engine"), { release: engine, dataSizeMiB: 8 * 1024 });
const registry = new Registry(join(folder, "registry"), { dataSizeMiB: 8 * 1024 });
try {
  await registry.start();
  const { docker, dockerConfig } = await programsOf(engine, work);
  const program = await bundled("registryBuilder", work);
  for (const name of contexts) {
    let version = await startAnew();
    const environment = {
      PATH: process.env.PATH ?? "",
      HOME: work,
      TMPDIR: work,
      DOCKER_HOST: daemon.dockerHost,
      DOCKER_CONFIG: dockerConfig,
      DOCKER_BUILDKIT: "1",
    };
    const context = name === "base" ? onBase(docker, environment) : makeContext(name, work);
    const warmUp = makeContext("nothing", join(work, "warm-up"));
    const ours = (flavor: string, cache: string): readonly string[] => [
      process.execPath,
      program,
      daemon.dockerHost,
      registry.address,
      flavor,
      cache,
    ];
    const rival = 'docker="$1"; "$docker" build --quiet --tag "$3" "$2" && "$docker" push --quiet "$3"';
    const methodsWith = (cache: string): readonly Method[] => [
      { name: "embedded", server: ours("embedded", cache) },
      { name: "local builder and push", server: ours("local", cache) },
      {
        name: "docker build and push",
        isRival: true,
        command: ({ root, imageName }) => ["/bin/sh", "-ec", rival, "sh", docker, root, imageName],
      },
    ];
    const samples = new Map<string, Measured[]>();
    for (let round = 0; round < runs; round++) {
      version = await startAnew();
      const methods = methodsWith(join(work, `cache-${name}-${round}`));
      for (const index of methods.keys()) {
        const method = methods[(index + round) % methods.length];
        if (!method) continue;
        const repository = `${registry.address}/${name.toLowerCase()}-${round}-${index}`;
        const worker = startWorker(method, environment);
        await worker.build({ root: warmUp.root, imageName: `${repository}/warm-up:1`, noCache: false });
        execFileSync(docker, ["image", "prune", "--all", "--force"], { env: environment });
        execFileSync(docker, ["builder", "prune", "--all", "--force"], { env: environment });
        for (const phase of phases) {
          touch(context, phase);
          const key = `${method.name}/${phase}`;
          const order = { root: context.root, imageName: `${repository}:1`, noCache: false };
          samples.set(key, [...(samples.get(key) ?? []), await worker.build(order)]);
        }
        worker.close();
      }
    }
    const of = (method: string, phase: string, what: keyof Measured): number =>
      median((samples.get(`${method}/${phase}`) ?? []).map((each) => each[what]));
    writeResults(
      `Builds without a daemon of context ${name}, and ${version}`,
      `${context.what}; daemon, registry and contexts in memory; daemon and caches started again for each round; ` +
        "in turn, medians; ours stay open for the builds of a round, as an editor does; " +
        "CPU and memory are those of the client; ratio to `docker build` and `docker push`.",
      phases.flatMap((phase) =>
        methodsWith("").map(({ name: method }) => ({
          build: phase,
          method,
          ms: Math.round(of(method, phase, "ms")),
          ratio: Math.round((of(method, phase, "ms") / of("docker build and push", phase, "ms")) * 100) / 100,
          "CPU (ms)": Math.round(of(method, phase, "cpuMs")),
          "peak (MiB)": Math.round(of(method, phase, "peakMiB")),
          runs,
        })),
      ),
    );
    rmSync(context.root, { recursive: true });
  }
} finally {
  await Promise.allSettled([daemon.remove(), registry.remove()]);
  rmSync(work, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

async function startAnew(): Promise<string> {
  await daemon.remove();
  const { version = "" } = (await (await daemon.start()).version()) ?? {};
  return version;
}

/** Makes a context with 20 MB of files for a base of 200 MB, which is pushed. */
function onBase(docker: string, env: NodeJS.ProcessEnv): BenchContext {
  const base = join(work, "base-image");
  const baseName = `${registry.address}/base:1`;
  for (let i = 0; i < 100; i++)
    write(base, `lib/part-${i}`, Buffer.concat([randomBytes(2 ** 20), Buffer.alloc(2 ** 20)]));
  for (let i = 0; i < 5_000; i++) write(base, `small/file-${i}`, randomBytes(256));
  write(base, "Dockerfile", "FROM scratch\nCOPY lib /usr/lib/\nCOPY small /usr/share/\n");
  execFileSync(docker, ["build", "--quiet", "--tag", baseName, base], { env });
  execFileSync(docker, ["push", "--quiet", baseName], { env });
  const root = join(work, "on-base");
  for (let i = 0; i < 200; i++) write(root, `src/file-${i}`, randomBytes(100 * 1024));
  const dockerfile = `FROM ${baseName}\nCOPY . /app\nCMD ["/app/run"]\n`;
  write(root, "Dockerfile", dockerfile);
  const what = "200 files of 100 KiB on a base of 200 MiB and 5,100 files, which the registry has";
  return { what, root, dockerfile, changed: "src/file-3", added: "added" };
}

function write(root: string, path: string, content: string | Buffer): void {
  const file = join(root, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, content);
}
