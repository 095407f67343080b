import { resolve } from "node:path";
import type { BuildOptions } from "../../core/base/buildOptions";
import type { Mount } from "../../core/dockerfile/mounts";
import type { BuildAnswers } from "../platform/memory";
import { buildSettings } from "../platform/settings";

/**
 * Merges the answers for a build with the settings. Contexts, secrets, and agents from the settings are included only
 * if the Dockerfile uses them.
 */
export async function buildOptionsOf(
  { folder, dockerfile, options }: BuildAnswers,
  tags: readonly string[],
): Promise<BuildOptions> {
  const [{ mountsOf }, { usedContexts }, { readSmallFile }] = await Promise.all([
    import("../../core/dockerfile/mounts"),
    import("../../core/dockerfile/contextSources"),
    import("../../core/border/readSmallFile"),
  ]);
  const settings = buildSettings(folder);
  // An unreadable Dockerfile is reported by the build itself.
  const text = await readSmallFile(dockerfile).catch(() => "");
  const known = { ...settings.buildContexts, ...options.buildContexts };
  const used = new Set(usedContexts(text, { ...options, buildContexts: known }));
  const fromSettings = Object.entries(settings.buildContexts).filter(([name]) => used.has(name));
  const buildContexts = { ...Object.fromEntries(fromSettings), ...options.buildContexts };
  const mounts = mountsOf(text, { ...options, buildContexts });
  const secrets = { ...asked(mounts, "secret", settings.secrets), ...options.secrets };
  const ssh = { ...asked(mounts, "ssh", settings.ssh), ...options.ssh };
  return {
    ...options,
    dockerfile,
    tags,
    builder: settings.builder,
    ...(Object.keys(buildContexts).length > 0 && { buildContexts }),
    ...(Object.keys(secrets).length > 0 && { secrets }),
    ...(Object.keys(ssh).length > 0 && { ssh }),
    ...(options.output && { output: { ...options.output, dest: resolve(folder, options.output.dest) } }),
  };
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
