import { ImageBuilderError } from "../../core/base/errors";
import type { WithCore } from "../access/coreAccess";
import type { WithLog, WithRefresh } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";
import type { WithImages } from "./specs/imageSpecs";
import { planWithProgress } from "./specs/specPlan";
import { specOf } from "./startSpecBuild";

/** Asks the person to allow the files outside the workspace that a spec uses, so that its image's tag can be shown. */
export async function confirmSpecSources(
  services: WithCore & WithImages & WithLog & WithMemory & WithRefresh & WithSecrets,
  target?: unknown,
): Promise<void> {
  const spec = await specOf(services, target);
  if (!spec) return;
  try {
    await planWithProgress(services, spec, { push: "ifPossible" });
  } catch (error) {
    // The person has just declined, so no message is needed.
    if (!ImageBuilderError.is(error, "sourceNotConfirmed")) throw error;
    services.log.info(error.message);
  }
  services.images.refresh(spec);
  services.refresh.fire();
}
