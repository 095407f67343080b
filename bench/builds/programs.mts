import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Release } from "../../scripts/engines/releases.mjs";
import { dockerClients } from "../../scripts/oracle/clients.mjs";
import { leaveOut } from "../../scripts/leaveOut.mjs";
import type { Programs } from "./methods.mjs";

/**
 * Bundles one of our programs and its thread as the extension is bundled, so that nothing is compiled during
 * measurements.
 */
export async function bundled(
  name: "ours" | "dockerode" | "pusher" | "registryBuilder",
  work: string,
): Promise<string> {
  const entry = fileURLToPath(new URL(`${name}.mts`, import.meta.url));
  await build({
    entryPoints: { [name]: entry, thread: fileURLToPath(new URL("../../src/core/worker/thread.ts", import.meta.url)) },
    outdir: work,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // The UMD builds of some packages can't be bundled.
    mainFields: ["module", "main"],
    // Plain dockerode is bundled completely.
    ...(name !== "dockerode" ? { plugins: [leaveOut] } : { external: ["*.node", "cpu-features"] }),
  });
  return join(work, `${name}.cjs`);
}

/**
 * Returns Docker's command line from the daemon's release, with a separate configuration folder that contains buildx.
 */
export async function programsOf(engine: Release, work: string): Promise<Pick<Programs, "docker" | "dockerConfig">> {
  const dockerConfig = join(work, "docker-config");
  mkdirSync(join(dockerConfig, "cli-plugins"), { recursive: true });
  if (engine !== "26" && engine !== "28") return { docker: "/usr/bin/docker", dockerConfig };
  const { docker, buildx } = await dockerClients(engine);
  symlinkSync(buildx, join(dockerConfig, "cli-plugins/docker-buildx"));
  return { docker, dockerConfig };
}
