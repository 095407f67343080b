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
const annotations = z.record(z.string(), z.string()).nullish();
const platformSchema = z.looseObject({
  os: text,
  architecture: text,
  variant: text.nullish(),
  "os.version": text.nullish(),
});
const digest = z.string().refine(isDigest);
const descriptorSchema = z.looseObject({
  mediaType: text,
  digest,
  size: z.int().min(0),
  annotations,
  artifactType: text.nullish(),
  platform: platformSchema.nullish(),
});
const manifestSchema = z
  .looseObject({
    mediaType: text.nullish(),
    artifactType: text.nullish(),
    config: descriptorSchema.nullish(),
    layers: z.array(descriptorSchema).max(maxLayers).nullish(),
    blobs: z.array(descriptorSchema).max(maxLayers).nullish(),
    manifests: z.array(descriptorSchema).max(maxImages).nullish(),
    subject: descriptorSchema.nullish(),
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
  | { readonly kind: "index"; readonly entries: readonly IndexEntry[] }
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

function manifestOf(parsed: z.infer<typeof manifestSchema>, told: Pick<Manifest, "digest" | "mediaType">): Manifest {
  const common = { ...told, annotations: parsed.annotations ?? {} };
  if (parsed.manifests) return { ...common, kind: "index", entries: parsed.manifests.map(entryOf) };
  const layers = (parsed.layers ?? parsed.blobs ?? []).map(blobOf);
  const sizeBytes = [...layers, ...(parsed.config ? [blobOf(parsed.config)] : [])].reduce(
    (sum, blob) => sum + blob.sizeBytes,
    0,
  );
  const type = parsed.artifactType || parsed.config?.mediaType || told.mediaType;
  if (parsed.config && !parsed.artifactType && imageConfigTypes.has(parsed.config.mediaType)) {
    return { ...common, kind: "image", config: blobOf(parsed.config), layers, sizeBytes };
  }
  return {
    ...common,
    kind: "artifact",
    artifactType: type,
    blobs: layers,
    sizeBytes,
    ...(parsed.subject && { subject: parsed.subject.digest }),
  };
}

/** Returns the layers with the lowest one first, as in later schemas. */
function legacyLayers({ fsLayers }: z.infer<typeof legacySchema>): string[] {
  return (fsLayers ?? []).map(({ blobSum }) => blobSum).reverse();
}

function blobOf({ digest, size, mediaType, annotations }: z.infer<typeof descriptorSchema>): Blob {
  const title = annotations?.["org.opencontainers.image.title"] ?? annotations?.["in-toto.io/predicate-type"];
  return { digest, sizeBytes: size, mediaType, ...(title !== undefined && { title }) };
}

function entryOf(descriptor: z.infer<typeof descriptorSchema>): IndexEntry {
  const { platform, annotations, artifactType } = descriptor;
  const isKnown = platform && platform.os !== "unknown";
  const described = annotations?.["vnd.docker.reference.digest"];
  const describes = isDigest(described) ? described : undefined;
  return {
    ...blobOf(descriptor),
    isAttestation: annotations?.["vnd.docker.reference.type"] === "attestation-manifest",
    ...(isKnown && { platform: platformText(platform) }),
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
