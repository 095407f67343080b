import { specOf } from "../images/startSpecBuild";
import type { Services } from "../services";

/** Shows the Dockerfile that a spec comes to, beside it, as it is edited. */
export async function previewDockerfile(services: Services, target?: unknown): Promise<void> {
  const spec = await specOf(services, target);
  if (spec) await services.specPreviews.show(spec, "dockerfile");
}
