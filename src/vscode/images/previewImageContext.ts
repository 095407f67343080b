import { resolve } from "node:path";
import * as vscode from "vscode";
import { imageOf, readSpec } from "./specs/readSpec";
import { specFolder } from "./specs/specFiles";
import { placeSpec, type SpecServices } from "./specs/specPlan";
import { specOf } from "./startSpecBuild";
import type { WithContextView } from "../context/view/contextView";
import type { WithImages } from "./specs/imageSpecs";
import type { WithSpecPreviews } from "./specs/specPreviews";

/**
 * Shows what a build of a spec would send. For an image that is built from a Dockerfile, this is its folder in the
 * Build Context view.
 */
export async function previewImageContext(
  services: SpecServices & WithContextView & WithImages & WithSpecPreviews,
  target?: unknown,
): Promise<void> {
  const spec = await specOf(services, target);
  if (!spec) return;
  const { dockerfile } = imageOf(spec, await readSpec(spec));
  if (dockerfile === undefined) return services.specPreviews.show(spec, "context");
  const [{ image, places }, { withOutside }, { resolveDockerfile }] = await Promise.all([
    placeSpec(services, spec, { push: "ifPossible" }),
    import("../../core/image/plan/outsidePlaces"),
    import("../../core/image/resolve/resolve"),
  ]);
  // The folder may be outside the workspace.
  await withOutside(places, (limited) => resolveDockerfile(dockerfile, image, limited));
  const file = vscode.Uri.file(resolve(specFolder(spec), dockerfile));
  await services.contextView.show({ folder: vscode.Uri.joinPath(file, ".."), dockerfile: file });
}
