import { createHash } from "node:crypto";
import * as z from "zod";
import { readAnswer } from "../border/readAnswer";
import { algorithmOf, checkedDigest, isDigest, type DigestAlgorithm } from "../base/digest";
import { ImageBuilderError } from "../base/errors";
import type { HttpResponse } from "../http/httpClient";
import { signedPayload } from "./signedManifest";

/** Maximum number of layers, and of images in an index, far above real ones. */
const [maxLayers, maxImages] = [1_000, 10_000];

const text = z.string().max(1_000);
/** A field that somebody wrote in another form tells nothing, and hides nothing else. */
const optionalText = text.nullish().catch(undefined);
/** Annotations are texts; what else is written among them is left out. */
const annotations = z
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
const digest = z.string().refine(isDigest);
const descriptorSchema = z.looseObject({
  mediaType: text.catch(""),
  digest,
  size: z.int().min(0).catch(0),
  annotations,
  artifactType: optionalText,
  platform: platformSchema,
});
type Descriptor = z.infer<typeof descriptorSchema>;
/** Entries of an index, each read by itself, so that one that can't be read doesn't hide the others. */
const entriesSchema = z
  .array(z.unknown())
  .max(maxImages)
  .nullish()
  .transform((all) => all?.map((each) => descriptorSchema.safeParse(each).data));
const manifestSchema = z
  .looseObject({
    mediaType: optionalText,
    artifactType: optionalText,
    config: descriptorSchema.nullish(),
    layers: z.array(descriptorSchema).max(maxLayers).nullish(),
    blobs: z.array(descriptorSchema).max(maxLayers).nullish(),
    manifests: entriesSchema,
    subject: descriptorSchema.nullish().catch(undefined),
    annotations,
  })
  // Otherwise two readers, one of which reads it as an index and the other as an image, would get different images for
  // one digest.
  .refine(({ manifests, layers, config }) => !manifests || (!layers && !config));
const legacySchema = z.looseObject({
  fsLayers: z
    .array(z.looseObject({ blobSum: digest }))
    .max(maxLayers)
    .nullish(),
});

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
}

/** Manifest of a tag or digest; `digest` is computed from its bytes. */
export type Manifest = {
  readonly digest: string;
  readonly mediaType: string;
  readonly annotations: Readonly<Record<string, string>>;
} & (
  | { readonly kind: "image"; readonly config: Blob; readonly layers: readonly Blob[]; readonly sizeBytes: number }
  | { readonly kind: "index"; readonly entries: readonly IndexEntry[]; readonly unreadableEntries?: number }
  /** Content other than an image, such as a Helm chart or a signature. */
  | {
      readonly kind: "artifact";
      readonly artifactType: string;
      readonly blobs: readonly Blob[];
      readonly sizeBytes: number;
      readonly subject?: string;
    }
  /** Docker's schema 1, of which only the layers' digests are known. */
  | { readonly kind: "legacy"; readonly layers: readonly string[] }
);

const indexTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const imageTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const artifactType = "application/vnd.oci.artifact.manifest.v1+json";
const legacyType = "application/vnd.docker.distribution.manifest.v1+prettyjws";
const imageConfigTypes = new Set([
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
  "application/octet-stream",
]);

/** All supported media types; a registry responds with 404 if the type it has is not accepted. */
export const acceptedManifests = [...indexTypes, ...imageTypes, artifactType, legacyType].join(", ");

/**
 * Reads a manifest, and checks that its bytes have the requested digest and the one that the registry reports.
 *
 * @param name image name, for messages
 * @param wanted requested digest; undefined if a tag was requested
 * @param host host of the registry, for messages
 * @throws ImageBuilderError `registryFailed` if it can't be read or has another digest, `digestInvalid` if the reported
 * digest is malformed
 */
export function readManifest(
  { body, headers }: Pick<HttpResponse, "body" | "headers">,
  name: string,
  wanted?: string,
  host = "The registry",
): Manifest {
  const { mediaType: written } = readAnswer(body, {
    schema: z.looseObject({ mediaType: text.nullish() }),
    ...border(host, name),
  });
  const mediaType =
    written ??
    String(headers["content-type"] ?? "")
      .split(";")[0]
      ?.slice(0, maxTypeLength) ??
    "";
  const isLegacy = mediaType.startsWith("application/vnd.docker.distribution.manifest.v1");
  // Uses only the part that the digest covers, since signatures are added to it, and so could be other content.
  const content = (isLegacy && signedPayload(body)) || body;
  const told = headers["docker-content-digest"];
  if (told !== undefined) checkContent(content, checkedDigest(told, host), name, host);
  if (wanted !== undefined) checkContent(content, wanted, name, host);
  const common = { digest: digestOf(content, algorithmOf(wanted ?? "")), mediaType };
  if (isLegacy)
    return {
      ...common,
      kind: "legacy",
      annotations: {},
      layers: legacyLayers(readAnswer(content, { schema: legacySchema, ...border(host, name) })),
    };
  return manifestOf(readAnswer(body, { schema: manifestSchema, ...border(host, name) }), common);
}

const maxTypeLength = 200;

function border(host: string, name: string) {
  return {
    who: host,
    what: `manifest of ${name}`,
    code: "registryFailed",
    remedy: "check that it was pushed completely",
  } as const;
}

function digestOf(content: Buffer, algorithm: DigestAlgorithm): string {
  return `${algorithm}:${createHash(algorithm).update(content).digest("hex")}`;
}

function checkContent(content: Buffer, expected: string, name: string, host: string): void {
  const found = digestOf(content, algorithmOf(expected));
  if (found === expected) return;
  throw new ImageBuilderError(
    "registryFailed",
    `The manifest of ${name} from ${host} has the unexpected digest ${found}. Do not use it.`,
  );
}

/** Of an image that holds something else: signatures, attestations, and lists of contents. */
const nonImageLayer = /^application\/vnd\.(?:dev\.cosign|dev\.sigstore|dsse\.envelope|in-toto)|spdx|cyclonedx|syft/;
/** Of the entry by which BuildKit knows its cache again. */
const cacheConfigType = "application/vnd.buildkit.cacheconfig.v0";

function manifestOf(parsed: z.infer<typeof manifestSchema>, told: Pick<Manifest, "digest" | "mediaType">): Manifest {
  const common = { ...told, annotations: parsed.annotations };
  if (parsed.manifests) return indexOf(parsed.manifests, common);
  const layers = (parsed.layers ?? parsed.blobs ?? []).map(blobOf);
  const sizeBytes = sizeOf([...layers, ...(parsed.config ? [blobOf(parsed.config)] : [])]);
  const type = parsed.artifactType || parsed.config?.mediaType || told.mediaType;
  const content = layers.find(({ mediaType }) => nonImageLayer.test(mediaType));
  if (parsed.config && !parsed.artifactType && !content && imageConfigTypes.has(parsed.config.mediaType)) {
    return { ...common, kind: "image", config: blobOf(parsed.config), layers, sizeBytes };
  }
  return {
    ...common,
    kind: "artifact",
    artifactType: parsed.artifactType || content?.mediaType || type,
    blobs: layers,
    sizeBytes,
    ...(parsed.subject && { subject: parsed.subject.digest }),
  };
}

function indexOf(
  all: readonly (Descriptor | undefined)[],
  common: Pick<Manifest, "digest" | "mediaType" | "annotations">,
): Manifest {
  const found = readable(all);
  if (found.some(({ mediaType }) => mediaType === cacheConfigType)) {
    const blobs = found.map(blobOf);
    return { ...common, kind: "artifact", artifactType: cacheConfigType, blobs, sizeBytes: sizeOf(blobs) };
  }
  const unreadableEntries = all.length - found.length;
  return { ...common, kind: "index", entries: found.map(entryOf), ...(unreadableEntries > 0 && { unreadableEntries }) };
}

function readable(all: readonly (Descriptor | undefined)[]): Descriptor[] {
  return all.filter((each) => each !== undefined);
}

function sizeOf(blobs: readonly Blob[]): number {
  return blobs.reduce((sum, blob) => sum + blob.sizeBytes, 0);
}

/** Returns the layers with the lowest one first, as in later schemas. */
function legacyLayers({ fsLayers }: z.infer<typeof legacySchema>): string[] {
  return (fsLayers ?? []).map(({ blobSum }) => blobSum).reverse();
}

function blobOf({ digest, size, mediaType, annotations }: Descriptor): Blob {
  const title = annotations["org.opencontainers.image.title"] ?? annotations["in-toto.io/predicate-type"];
  return { digest, sizeBytes: size, mediaType, ...(title !== undefined && { title }) };
}

function entryOf(descriptor: Descriptor): IndexEntry {
  const { platform, annotations, artifactType } = descriptor;
  const { os, architecture, variant } = platform ?? {};
  const described = annotations["vnd.docker.reference.digest"];
  const describes = isDigest(described) ? described : undefined;
  return {
    ...blobOf(descriptor),
    isAttestation: annotations["vnd.docker.reference.type"] === "attestation-manifest",
    ...(os && os !== "unknown" && { platform: platformText({ os, architecture: architecture ?? "", variant }) }),
    ...(describes !== undefined && { describes }),
    ...(artifactType && { artifactType }),
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
