/** Is, at the end of the causes, why a registry's image could not be pushed, pulled, or built upon. */
export class ImageRefusal extends Error {
  override readonly name = "ImageRefusal";

  constructor(
    /** The image's full name. */
    readonly imageName: string,
    /** The daemon's. */
    words: string,
  ) {
    super(words);
  }
}

/**
 * Returns the image that a registry refused, where that is what an error comes from. Compares the name, not
 * `instanceof`: each bundle has its own copy of the class.
 */
export function refusedImageIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "ImageRefusal" && "imageName" in error) return String(error.imageName);
  return refusedImageIn(error.cause);
}
