import type { BuildOptions } from "../base/buildOptions";
import type { BuildContext } from "../context/files/buildContext";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import type { Operation } from "../operation/operation";
import { requestedPaths } from "../worker/requestedPaths";

/** Build to confirm. */
export interface ConfirmedBuild {
  readonly context: BuildContext;
  readonly options: BuildOptions;
  readonly dockerfile: DockerfileSource;
}

/** Asks before anything of the context goes to a registry, as builds by a daemon ask before it goes there. */
export async function confirmEmbedded(
  { context, options, dockerfile }: ConfirmedBuild,
  operation: Operation,
): Promise<void> {
  const isRequested = requestedPaths(dockerfile.text, options, context.root);
  await operation.confirmUpload?.({
    context,
    dockerfile,
    builder: "buildkit",
    isRequested,
    async review(review) {
      const { reviewUpload } = await import("../context/review/reviewUpload");
      const entries = context.entries({ order: "tree", keepsFaults: true, signal: review.signal });
      return reviewUpload({ entries, root: context.root, dockerfile, isRequested }, review);
    },
  });
}
