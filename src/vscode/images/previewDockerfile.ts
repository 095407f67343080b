import { specOf } from "./startSpecBuild";
import type { WithImages } from "./specs/imageSpecs";
import type { WithSpecPreviews } from "./specs/specPreviews";

/** Opens a preview of a spec's Dockerfile, which is updated while the spec is edited. */
export async function previewDockerfile(services: WithImages & WithSpecPreviews, target?: unknown): Promise<void> {
  const spec = await specOf(services, target);
  if (spec) await services.specPreviews.show(spec, "dockerfile");
}
