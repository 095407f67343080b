import { ImageBuilderError, messageOf } from "../base/errors";
import { parseImageReference } from "../base/imageReference";

/** Image to look up. */
export interface WantedImage {
  readonly uri: string;
  /** Platforms, all of which must exist. */
  readonly platform: readonly string[];
}

/** Image that was found. */
export interface FoundImage {
  /** `name@sha256:…`, if the registry reported it. */
  readonly repoDigest?: string;
}

/** Place where images are looked up. */
export interface ImageChecker {
  /** @returns undefined only if the image certainly doesn't exist; if it throws, the next checker is used */
  find(image: WantedImage, signal?: AbortSignal): Promise<FoundImage | undefined>;
}

/** Result of looking up an image. */
export type Existence =
  | ({ readonly kind: "exists" } & FoundImage)
  | { readonly kind: "absent" }
  /** No checker had an answer, so the image must be built. */
  | { readonly kind: "unknown"; readonly reasons: readonly string[] };

/**
 * Calls the checkers one after the other until one has an answer. An image with the tag `latest` is always unknown, and
 * therefore built again.
 *
 * @throws the signal's reason if aborted, and errors other than `ImageBuilderError`
 */
export async function findImage(
  image: WantedImage,
  checkers: readonly ImageChecker[],
  signal?: AbortSignal,
): Promise<Existence> {
  const { tag = "latest" } = parseImageReference(image.uri);
  if (tag === "latest")
    return { kind: "unknown", reasons: ['The tag "latest" can point to a different image at any time.'] };
  const reasons: string[] = [];
  for (const checker of checkers) {
    try {
      const found = await checker.find(image, signal);
      return found ? { kind: "exists", ...found } : { kind: "absent" };
    } catch (error) {
      signal?.throwIfAborted();
      if (!ImageBuilderError.is(error)) throw error;
      reasons.push(messageOf(error));
    }
  }
  return { kind: "unknown", reasons };
}
