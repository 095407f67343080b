import { specOf } from "./startSpecBuild";
import type { WithImages } from "./specs/imageSpecs";
import type { WithSpecPreviews } from "./specs/specPreviews";

/** Shows the Dockerfile that a spec comes to, beside it, as it is edited. */
export async function previewDockerfile(services: WithImages & WithSpecPreviews, target?: unknown): Promise<void> {
  const spec = await specOf(services, target);
  if (spec) await services.specPreviews.show(spec, "dockerfile");
}
