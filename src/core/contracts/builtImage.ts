import * as z from "zod";
import { checkedDigest, checkedImageId } from "../base/digest";
import { ImageBuilderError } from "../base/errors";
import { checkedRepoDigest, imageNameProblem, parseImageReference } from "../base/imageReference";
import { foreignWords } from "../border/foreignWords";

/** Result of a build. */
export interface BuiltImage {
  /** Image name; once pushed, the `repoDigest` (`name@sha256:…`). */
  readonly reference: string;
  /** Digest of the manifest in the registry, `sha256:…`; only once pushed. */
  readonly digest?: string;
  /** Daemon's ID of the image, `sha256:…`. */
  readonly imageId?: string;
  /** Size of the image in bytes, if the builder knows it. */
  readonly sizeBytes?: number;
}

/** Other fields of a builder's result are ignored. */
const builtImageSchema = z.union([
  z.string().transform((reference) => ({ reference, digest: undefined, imageId: undefined, sizeBytes: undefined })),
  z.object({
    reference: z.string(),
    digest: z.unknown().optional(),
    imageId: z.unknown().optional(),
    sizeBytes: z.unknown().optional(),
  }),
]);

/**
 * Checks the result of a builder, which may come from another extension: a `BuiltImage`, or only its reference as a
 * string.
 *
 * @param who beginning of the error's sentence: `The builder "far"`
 * @throws ImageBuilderError `buildFailed` if there is no valid image name, `digestInvalid`
 */
export function checkedBuiltImage(value: unknown, who: string): BuiltImage {
  const { reference, digest, imageId, sizeBytes } = readImage(value, who);
  const written = digestIn(reference, who);
  const separate = digest === undefined || digest === null ? undefined : checkedDigest(digest, who);
  if (written !== undefined && separate !== undefined && written !== separate)
    throw new ImageBuilderError(
      "digestInvalid",
      `${who} returned different digests for one image in "reference" and "digest". ` +
        "Do not use the image, and check what was pushed.",
    );
  const isNamed = separate !== undefined && written === undefined;
  return {
    reference: isNamed ? `${parseImageReference(reference).name}@${separate}` : reference,
    digest: written ?? separate,
    imageId: imageId === undefined || imageId === null ? undefined : checkedImageId(imageId, who),
    // A size is only shown, so an invalid one is ignored.
    ...(typeof sizeBytes === "number" && Number.isSafeInteger(sizeBytes) && sizeBytes >= 0 && { sizeBytes }),
  };
}

function readImage(value: unknown, who: string): z.infer<typeof builtImageSchema> {
  try {
    return builtImageSchema.parse(value);
  } catch (cause) {
    // A computed property may throw any error.
    throw new ImageBuilderError(
      "buildFailed",
      `${who} did not return an image name. ` +
        'Its "build" must return the name of the built image, or { reference, digest, imageId }.',
      { cause },
    );
  }
}

function digestIn(reference: string, who: string): string | undefined {
  if (reference.includes("@")) return checkedRepoDigest(reference, who).split("@")[1];
  if (imageNameProblem(reference) === undefined) return undefined;
  throw new ImageBuilderError(
    "buildFailed",
    `${who} returned "${foreignWords(reference, 200)}", which is not a valid image name.`,
  );
}
