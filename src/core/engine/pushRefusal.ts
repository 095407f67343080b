import type { ImageBuilderError } from "../base/errors";
import { parseImageReference, qualifiedName } from "../base/imageReference";
import type { GrpcError } from "../transport/grpc";
import type { BuildJob } from "./buildJob";
import { transferFailure } from "./transferFailure";

/** Returns the error for a build whose image BuildKit could not push; undefined for other failures. */
export function pushRefusal(
  { message }: Pick<GrpcError, "message">,
  { imageNames, push }: Pick<BuildJob, "imageNames" | "push">,
): ImageBuilderError | undefined {
  const [, pushed, words] = /^failed to push (\S+): (.*)$/s.exec(message) ?? [];
  if (!push || pushed === undefined || words === undefined) return undefined;
  // BuildKit completes names: `app:1` is `docker.io/library/app:1`.
  const imageName = imageNames.find((each) => qualifiedName(parseImageReference(each)) === pushed) ?? pushed;
  return transferFailure({ action: "push", imageName, words });
}
