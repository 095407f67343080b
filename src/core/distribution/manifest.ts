import { createHash } from "node:crypto";
import * as z from "zod";
import { readAnswer } from "../border/readAnswer";
import { algorithmOf, checkedDigest, type DigestAlgorithm } from "../base/digest";
import { ImageBuilderError } from "../base/errors";
import type { HttpResponse } from "../http/httpClient";
import {
  annotations,
  blobOf,
  descriptorSchema,
  digest,
  entriesSchema,
  entryOf,
  optionalText,
  readable,
  text,
  type Blob,
  type Descriptor,
  type IndexEntry,
} from "./descriptors";
import { signedPayload } from "./signedManifest";

/** Maximum number of layers, far above real ones. */
const maxLayers = 1_000;

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

function sizeOf(blobs: readonly Blob[]): number {
  return blobs.reduce((sum, blob) => sum + blob.sizeBytes, 0);
}

/** Returns the layers with the lowest one first, as in later schemas. */
function legacyLayers({ fsLayers }: z.infer<typeof legacySchema>): string[] {
  return (fsLayers ?? []).map(({ blobSum }) => blobSum).reverse();
}
