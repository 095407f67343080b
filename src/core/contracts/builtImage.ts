import * as z from "zod";
import { checkedDigest, checkedImageId } from "../base/digest";
import { ImageBuilderError } from "../base/errors";
import { checkedRepoDigest, imageNameProblem, parseImageReference } from "../base/imageReference";
import { foreignWords } from "../border/foreignWords";

/** Describes the result of a build. */
export interface BuiltImage {
  /** The image's name; the `repoDigest`, `name@sha256:…`, once it is pushed. */
  readonly reference: string;
  /** `sha256:…` of the manifest, as the registry knows it; only once it is pushed. */
  readonly digest?: string;
  /** `sha256:…`, as the daemon knows the image. */
  readonly imageId?: string;
}

/** Loose: what else a builder tells of its image is not read. */
const builtImageSchema = z.union([
  z.string().transform((reference) => ({ reference, digest: undefined, imageId: undefined })),
  z.object({ reference: z.string(), digest: z.unknown().optional(), imageId: z.unknown().optional() }),
]);

/**
 * Checks what a builder returns, which may be somebody else's: a `BuiltImage`, or the reference alone as a string.
 *
 * @param who begins the sentence: `The builder "far"`
 * @throws ImageBuilderError `buildFailed` for what is no image name, `digestInvalid`
 */
export function checkedBuiltImage(value: unknown, who: string): BuiltImage {
  const { reference, digest, imageId } = readImage(value, who);
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
  };
}

function readImage(value: unknown, who: string): z.infer<typeof builtImageSchema> {
  try {
    return builtImageSchema.parse(value);
  } catch (cause) {
    // A property that is computed may fail in any way.
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
