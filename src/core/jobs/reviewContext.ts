import { BuildContext } from "../context/files/buildContext";
import type { BuildContextOptions } from "../context/files/contextOptions";
import { readDockerfile } from "../context/files/dockerfileSource";
import { reviewUpload } from "../context/review/reviewUpload";
import type { UploadReport } from "../context/review/uploadReport";
import { requestedPaths } from "../worker/requestedPaths";

/**
 * Reviews what a build of a folder would send, without contacting a builder.
 *
 * @throws ImageBuilderError `dockerfileMissing`, `dockerignoreInvalid`, `contextUnreadable`; the signal's reason
 */
export async function reviewContext(options: BuildContextOptions, signal: AbortSignal): Promise<UploadReport> {
  const context = new BuildContext(options);
  const dockerfile = await readDockerfile(context, { dockerfile: options.dockerfile });
  const isRequested = requestedPaths(dockerfile.text, {}, context.root);
  const entries = context.entries({ order: "tree", keepsFaults: true, signal });
  return reviewUpload({ entries, root: context.root, dockerfile, isRequested }, { signal });
}
