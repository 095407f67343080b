import { ImageBuilderError, messageOf } from "../base/errors";
import { parseImageReference } from "../base/imageReference";

/** An image that is looked for. */
export interface WantedImage {
  readonly uri: string;
  /** All of them must be there. */
  readonly platform: readonly string[];
}

/** An image that was found. */
export interface FoundImage {
  /** `name@sha256:…`, where a registry told it. */
  readonly repoDigest?: string;
}

/** One place that may know whether an image exists. */
export interface ImageChecker {
  /** @returns nothing when it is certain that there is no such image; what it throws leaves the question to the next */
  find(image: WantedImage, signal?: AbortSignal): Promise<FoundImage | undefined>;
}

/** What is known of an image. */
export type Existence =
  | ({ readonly kind: "exists" } & FoundImage)
  | { readonly kind: "absent" }
  /** Nobody knew, so it has to be built. */
  | { readonly kind: "unknown"; readonly reasons: readonly string[] };

/**
 * Asks one after the other until one knows. An image by a tag that moves is never known: `latest` is built anew.
 *
 * @throws the signal's reason when aborted, and what is no `ImageBuilderError`
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
