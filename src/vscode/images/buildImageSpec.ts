import type { BuildOutcome } from "../../api/api";
import { startSpecBuild } from "./startSpecBuild";
import type { WithCore } from "../access/coreAccess";
import type { WithDiagnostics } from "../builds/buildDiagnostics";
import type { WithOutput } from "../builds/buildOutput";
import type { WithLogs } from "../builds/buildLogs";
import type { WithBuilds } from "../builds/builds";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithGuard } from "../context/guard/uploadGuard";
import type { WithImages } from "./specs/imageSpecs";
import type { WithLog } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";

/** Builds the image of a spec, unless it exists in the daemon, and keeps it there. */
export function buildImageSpec(
  services: WithBuilds &
    WithCore &
    WithDiagnostics &
    WithGuard &
    WithImages &
    WithLog &
    WithLogs &
    WithMemory &
    WithOutput &
    WithSecrets &
    WithTrusted,
  target?: unknown,
): Promise<BuildOutcome | undefined> {
  return startSpecBuild(services, false, target);
}
