import { imageNameProblem } from "../base/imageReference";
import { ImageRefusal } from "../base/imageRefusal";
import { networkRemedy } from "./daemonNetwork";
import { daemonRefusal } from "./daemonRefusal";

/** Is the cause of a build that failed because a registry refused a base image. */
export class BaseImageRefusal extends ImageRefusal {
  constructor(
    image: string,
    words: string,
    /** Beginning of the message: the failed action and its place, without the reason. */
    readonly failure: string,
  ) {
    super(image, words);
  }
}

/** Before the image in the names of steps that only ask for it: BuildKit's, and the classic builder's. */
const beforeImage =
  /(?:\bload metadata for |\bresolve image config for (?:docker-image:\/\/)?|\bFROM (?:--\S+ )*)(\S+)/i;
/** A registry that answered with something else than a manifest. */
const brokenAnswer = /failed to read expected number of bytes/i;

/**
 * Returns the image that a registry refused to give to a build.
 *
 * @returns undefined where something else failed, or where the words don't say which image it was
 */
export function refusedBaseImage(stepName: string | undefined, words: string): string | undefined {
  const named = beforeImage.exec(stepName ?? "")?.[1];
  // Only the daemon knows the fault of the connection.
  const isOfRegistry = named !== undefined && (brokenAnswer.test(words) || networkRemedy(words) === undefined);
  if (!isOfRegistry && !daemonRefusal(words)) return undefined;
  const found = [named, requestedImage(words)].find(
    (name) => name !== undefined && imageNameProblem(name) === undefined,
  );
  return found;
}

/** Returns the image of a request that the daemon quotes, such as `Head "https://ghcr.io/v2/team/app/manifests/1"`. */
function requestedImage(words: string): string | undefined {
  const [, host, path, reference = ""] =
    /https?:\/\/([^/\s"]{1,255})\/v2\/([^\s"]{1,255})\/manifests\/([^\s":]{1,200}(?::[0-9a-f]{64})?)/.exec(words) ?? [];
  return host === undefined ? undefined : `${host}/${path}${reference.includes(":") ? "@" : ":"}${reference}`;
}
