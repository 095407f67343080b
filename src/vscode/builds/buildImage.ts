import type { BuildOutcome } from "../../api/api";
import type { WithCore } from "../access/coreAccess";
import type { WithDiagnostics } from "./buildDiagnostics";
import type { WithOutput } from "./buildOutput";
import type { WithLogs } from "./buildLogs";
import type { WithBuilds } from "./builds";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithGuard } from "../context/guard/uploadGuard";
import type { WithLog } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";
import { startBuild } from "./startBuild";

/** Builds an image and keeps it in the daemon. */
export function buildImage(
  services: WithBuilds &
    WithCore &
    WithDiagnostics &
    WithGuard &
    WithLog &
    WithLogs &
    WithMemory &
    WithOutput &
    WithSecrets &
    WithTrusted,
  target?: unknown,
): Promise<BuildOutcome | undefined> {
  return startBuild(services, false, target);
}
