import { resolve } from "node:path";
import type { BuildOptions } from "../../core/base/buildOptions";
import type { Mount } from "../../core/dockerfile/mounts";
import type { BuildAnswers } from "../platform/memory";
import { buildSettings } from "../platform/settings";

/**
 * What was answered about a build together with what the settings say: of their secrets and agents, those that the
 * Dockerfile asks for.
 */
export async function buildOptionsOf(
  { folder, dockerfile, options }: BuildAnswers,
  tags: readonly string[],
): Promise<BuildOptions> {
  const settings = buildSettings(folder);
  const mounts = await mountsIn(dockerfile, options);
  const secrets = { ...asked(mounts, "secret", settings.secrets), ...options.secrets };
  const ssh = { ...asked(mounts, "ssh", settings.ssh), ...options.ssh };
  return {
    ...options,
    dockerfile,
    tags,
    builder: settings.builder,
    ...(Object.keys(secrets).length > 0 && { secrets }),
    ...(Object.keys(ssh).length > 0 && { ssh }),
    ...(options.output && { output: { ...options.output, dest: resolve(folder, options.output.dest) } }),
  };
}

async function mountsIn(dockerfile: string, options: BuildAnswers["options"]): Promise<Mount[]> {
  const [{ mountsOf }, { readSmallFile }] = await Promise.all([
    import("../../core/dockerfile/mounts"),
    import("../../core/border/readSmallFile"),
  ]);
  // The build itself says what is wrong with a file that cannot be read.
  const text = await readSmallFile(dockerfile).catch(() => "");
  return mountsOf(text, options);
}

function asked<Value>(
  mounts: readonly Mount[],
  type: Mount["type"],
  given: Readonly<Record<string, Value>>,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(given).filter(([id]) => mounts.some((mount) => mount.type === type && mount.id === id)),
  );
}
