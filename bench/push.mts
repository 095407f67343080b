// Compares our pushes with `docker push`, to a registry on this machine: npx tsx bench/push.mts [--engine 20|26|28]
// [--runs 6]
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Daemon } from "../scripts/engines/daemon.mjs";
import { Registry } from "../scripts/engines/registry.mjs";
import { ensureEnginePackages, type Release } from "../scripts/engines/releases.mjs";
import type { Measured, Method } from "./builds/methods.mjs";
import { bundled, programsOf } from "./builds/programs.mjs";
import { startWorker } from "./builds/worker.mjs";
import { median, writeResults } from "./results.mjs";

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { engine: text, runs: text } });
const engine = (values.engine ?? "installed") as Release;
const runs = Number(values.runs ?? 6);
const [layers, layerMiB] = [5, 40];
const phases = ["new layers", "nothing new"] as const;

await ensureEnginePackages();
const work = mkdtempSync(join("/dev/shm", "bench-push-"));
const folder = mkdtempSync(join(tmpdir(), "bench-push-"));
const daemon = new Daemon(join(folder, "engine"), { release: engine, dataSizeMiB: 8 * 1024 });
const registry = new Registry(join(folder, "registry"), { dataSizeMiB: 8 * 1024 });
try {
  await registry.start();
  const { version = "" } = (await (await daemon.start()).version()) ?? {};
  const { docker, dockerConfig } = await programsOf(engine, work);
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: work,
    DOCKER_HOST: daemon.dockerHost,
    DOCKER_CONFIG: dockerConfig,
    DOCKER_BUILDKIT: "1",
  };
  const methods: readonly Method[] = [
    { name: "ours", server: [process.execPath, await bundled("pusher", work), daemon.dockerHost, registry.address] },
    { name: "docker push", isRival: true, command: ({ imageName }) => [docker, "push", "--quiet", imageName], env },
  ];
  const root = join(work, "image");
  mkdirSync(root);
  const samples = new Map<string, Measured[]>();
  const warmUp = `${registry.address}/warm-up:1`;
  execFileSync(docker, ["build", "--quiet", "--tag", warmUp, "-"], { env, input: "FROM scratch\nLABEL warm=up\n" });
  for (let round = 0; round < runs; round++) {
    for (const method of round % 2 === 0 ? methods : methods.toReversed()) {
      const imageName = `${registry.address}/bench-${round}-${methods.indexOf(method)}:1`;
      for (let i = 0; i < layers; i++) writeFileSync(join(root, `layer-${i}`), randomBytes(layerMiB * 1024 ** 2));
      writeFileSync(
        join(root, "Dockerfile"),
        ["FROM scratch", ...Array.from({ length: layers }, (_, i) => `COPY layer-${i} /`)].join("\n"),
      );
      execFileSync(docker, ["build", "--quiet", "--tag", imageName, root], { env });
      const worker = startWorker(method, env);
      await worker.build({ root, imageName: warmUp, noCache: false });
      for (const phase of phases) {
        const key = `${method.name}/${phase}`;
        samples.set(key, [...(samples.get(key) ?? []), await worker.build({ root, imageName, noCache: false })]);
      }
      worker.close();
      execFileSync(docker, ["rmi", "--force", imageName], { env });
      execFileSync(docker, ["builder", "prune", "--all", "--force"], { env });
    }
  }
  const msOf = (method: string, phase: string): number =>
    median((samples.get(`${method}/${phase}`) ?? []).map(({ ms }) => ms));
  writeResults(
    `Pushes to a local registry from ${version}`,
    `${layers} layers of ${layerMiB} MiB that cannot be compressed; ` +
      "daemon and registry with their data in memory; in turn, medians; " +
      "the first method of a round pushes an image without layers before the clock runs; ratio to `docker push`.",
    phases.flatMap((phase) =>
      methods.map(({ name }) => ({
        push: phase,
        method: name,
        ms: Math.round(msOf(name, phase)),
        ratio: Math.round((msOf(name, phase) / msOf("docker push", phase)) * 100) / 100,
        runs,
      })),
    ),
  );
} finally {
  await Promise.allSettled([daemon.remove(), registry.remove()]);
  rmSync(work, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
