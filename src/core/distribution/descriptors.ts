import * as z from "zod";
import { isDigest } from "../base/digest";

/** Maximum number of images in an index, far above real ones. */
const maxEntries = 10_000;

/** Text of a descriptor or manifest. */
export const text = z.string().max(1_000);
/** A field that somebody wrote in another form tells nothing, and hides nothing else. */
export const optionalText = text.nullish().catch(undefined);
/** Annotations are texts; what else is written among them is left out. */
export const annotations = z
  .record(z.string(), z.unknown())
  .nullish()
  .catch(undefined)
  .transform((all) =>
    Object.fromEntries(
      Object.entries(all ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    ),
  );
const platformSchema = z
  .looseObject({ os: optionalText, architecture: optionalText, variant: optionalText })
  .nullish()
  .catch(undefined);
/** Digest by an algorithm that is known. */
export const digest = z.string().refine(isDigest);
/** Reference to content of a repository. */
export const descriptorSchema = z.looseObject({
  mediaType: text.catch(""),
  digest,
  size: z.int().min(0).catch(0),
  annotations,
  artifactType: optionalText,
  platform: platformSchema,
});
/** Result of `descriptorSchema`. */
export type Descriptor = z.infer<typeof descriptorSchema>;
/** Entries of an index, each read by itself, so that one that can't be read doesn't hide the others. */
export const entriesSchema = z
  .array(z.unknown())
  .max(maxEntries)
  .nullish()
  .transform((all) => all?.map((each) => descriptorSchema.safeParse(each).data));

/** Layer, or another blob. */
export interface Blob {
  readonly digest: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  /** Name of a file, or the type of an attestation's statement. */
  readonly title?: string;
}

/** Image in an index. */
export interface IndexEntry extends Blob {
  /** `os/architecture[/variant]`; undefined for `unknown/unknown`. */
  readonly platform?: string;
  /** Whether the entry is not an image, but describes one (provenance, contents). */
  readonly isAttestation: boolean;
  /** Digest of the image that an attestation describes. */
  readonly describes?: string;
  /** Type of an entry that is not an image, such as a signature. */
  readonly artifactType?: string;
  /** Type of the statement that is in a signed bundle, such as provenance. */
  readonly statementType?: string;
}

/** Returns the entries that could be read. */
export function readable(all: readonly (Descriptor | undefined)[]): Descriptor[] {
  return all.filter((each) => each !== undefined);
}

/** Describes a layer, or another blob. */
export function blobOf({ digest, size, mediaType, annotations }: Descriptor): Blob {
  const title = annotations["org.opencontainers.image.title"] ?? annotations["in-toto.io/predicate-type"];
  return { digest, sizeBytes: size, mediaType, ...(title !== undefined && { title }) };
}

/** Describes an entry of an index. */
export function entryOf(descriptor: Descriptor): IndexEntry {
  const { platform, annotations, artifactType } = descriptor;
  const { os, architecture, variant } = platform ?? {};
  const described = annotations["vnd.docker.reference.digest"];
  const describes = isDigest(described) ? described : undefined;
  const statementType = annotations["dev.sigstore.bundle.predicateType"];
  return {
    ...blobOf(descriptor),
    isAttestation: annotations["vnd.docker.reference.type"] === "attestation-manifest",
    ...(os && os !== "unknown" && { platform: platformText({ os, architecture: architecture ?? "", variant }) }),
    ...(describes !== undefined && { describes }),
    ...(artifactType && { artifactType }),
    ...(statementType !== undefined && { statementType }),
  };
}

/** Formats a platform as `os/architecture[/variant]`. */
export function platformText({
  os,
  architecture,
  variant,
}: {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | null;
}): string {
  return [os, architecture, variant].filter(Boolean).join("/");
}
