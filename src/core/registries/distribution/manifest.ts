import { createHash } from "node:crypto";
import * as z from "zod";
import { ImageBuilderError } from "../../errors";
import type { HttpResponse } from "../../http/httpClient";

const annotations = z.record(z.string(), z.string()).nullish();
const platformSchema = z.looseObject({ os: z.string(), architecture: z.string(), variant: z.string().nullish(), "os.version": z.string().nullish() });
const descriptorSchema = z.looseObject({ mediaType: z.string(), digest: z.string(), size: z.number(), annotations, artifactType: z.string().nullish(), platform: platformSchema.nullish() });
const manifestSchema = z.looseObject({
  mediaType: z.string().nullish(),
  artifactType: z.string().nullish(),
  config: descriptorSchema.nullish(),
  layers: z.array(descriptorSchema).nullish(),
  blobs: z.array(descriptorSchema).nullish(),
  manifests: z.array(descriptorSchema).nullish(),
  subject: descriptorSchema.nullish(),
  annotations,
});

/** A layer, or another blob. */
export interface Blob {
  readonly digest: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  /** A file's name, or of an attestation's statement what it states. */
  readonly title?: string;
}

/** One image of an index. */
export interface IndexEntry extends Blob {
  /** `os/architecture[/variant]`; `unknown/unknown` is left out. */
  readonly platform?: string;
  /** Whether it tells of another image (provenance, contents) and is none itself. */
  readonly isAttestation: boolean;
  /** The digest of the image that an attestation tells of. */
  readonly describes?: string;
  /** Of what is no image, such as a signature. */
  readonly artifactType?: string;
}

/** What a tag or digest leads to; `digest` is that of the bytes themselves. */
export type Manifest = { readonly digest: string; readonly mediaType: string; readonly annotations: Readonly<Record<string, string>> } & (
  | { readonly kind: "image"; readonly config: Blob; readonly layers: readonly Blob[]; readonly sizeBytes: number }
  | { readonly kind: "index"; readonly entries: readonly IndexEntry[] }
  /** Something else than an image, such as a Helm chart or a signature. */
  | { readonly kind: "artifact"; readonly artifactType: string; readonly blobs: readonly Blob[]; readonly sizeBytes: number; readonly subject?: string }
  /** Docker's first schema, of which only the layers' digests are known. */
  | { readonly kind: "legacy"; readonly layers: readonly string[] }
);

const indexTypes = ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];
const imageTypes = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];
const artifactType = "application/vnd.oci.artifact.manifest.v1+json";
const legacyType = "application/vnd.docker.distribution.manifest.v1+prettyjws";
const imageConfigTypes = new Set(["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json", "application/octet-stream"]);

/** Every kind that is understood; a registry answers 404 to those who do not name the one it has. */
export const acceptedManifests = [...indexTypes, ...imageTypes, artifactType, legacyType].join(", ");

/**
 * Reads a manifest.
 *
 * @param wanted the digest that was asked for, if it was one
 * @throws ImageBuilderError `registryFailed` when it cannot be read, or is another than was asked for
 */
export function readManifest(response: Pick<HttpResponse, "body" | "headers">, name: string, wanted?: string): Manifest {
  const [, algorithm = "sha256"] = /^(sha256|sha384|sha512):/.exec(wanted ?? "") ?? [];
  const digest = `${algorithm}:${createHash(algorithm).update(response.body).digest("hex")}`;
  const parsed = parse(response.body);
  const mediaType = parsed?.mediaType ?? String(response.headers["content-type"] ?? "").split(";")[0] ?? "";
  if (mediaType.startsWith("application/vnd.docker.distribution.manifest.v1")) {
    // A signature is part of the bytes and not of the digest, which only the registry knows then.
    return { kind: "legacy", digest: String(response.headers["docker-content-digest"] ?? digest), mediaType, annotations: {}, layers: legacyLayers(response.body) };
  }
  if (wanted !== undefined && digest !== wanted) throw new ImageBuilderError("registryFailed", `The registry's manifest of ${name} has the digest ${digest} and is not what was asked for: do not use it.`);
  if (!parsed) throw new ImageBuilderError("registryFailed", `The registry's manifest of ${name} cannot be read: see whether it was pushed whole.`);

  const common = { digest, mediaType, annotations: parsed.annotations ?? {} };
  if (parsed.manifests) return { ...common, kind: "index", entries: parsed.manifests.map(entryOf) };
  const layers = (parsed.layers ?? parsed.blobs ?? []).map(blobOf);
  const sizeBytes = [...layers, ...(parsed.config ? [blobOf(parsed.config)] : [])].reduce((sum, blob) => sum + blob.sizeBytes, 0);
  const type = parsed.artifactType || parsed.config?.mediaType || mediaType;
  if (parsed.config && !parsed.artifactType && imageConfigTypes.has(parsed.config.mediaType)) {
    return { ...common, kind: "image", config: blobOf(parsed.config), layers, sizeBytes };
  }
  return { ...common, kind: "artifact", artifactType: type, blobs: layers, sizeBytes, ...(parsed.subject && { subject: parsed.subject.digest }) };
}

function parse(body: Buffer): z.infer<typeof manifestSchema> | undefined {
  try {
    return manifestSchema.safeParse(JSON.parse(body.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

function legacyLayers(body: Buffer): string[] {
  const { fsLayers = [] } = JSON.parse(body.toString("utf8")) as { fsLayers?: readonly { readonly blobSum?: string }[] };
  return fsLayers.flatMap(({ blobSum }) => blobSum ?? []).reverse();
}

function blobOf({ digest, size, mediaType, annotations }: z.infer<typeof descriptorSchema>): Blob {
  const title = annotations?.["org.opencontainers.image.title"] ?? annotations?.["in-toto.io/predicate-type"];
  return { digest, sizeBytes: size, mediaType, ...(title !== undefined && { title }) };
}

function entryOf(descriptor: z.infer<typeof descriptorSchema>): IndexEntry {
  const { platform, annotations, artifactType } = descriptor;
  const isKnown = platform && platform.os !== "unknown";
  const describes = annotations?.["vnd.docker.reference.digest"];
  return {
    ...blobOf(descriptor),
    isAttestation: annotations?.["vnd.docker.reference.type"] === "attestation-manifest",
    ...(isKnown && { platform: platformText(platform) }),
    ...(describes !== undefined && { describes }),
    ...(artifactType && { artifactType }),
  };
}

/** `os/architecture[/variant]`. */
export function platformText({ os, architecture, variant }: { readonly os: string; readonly architecture: string; readonly variant?: string | null }): string {
  return [os, architecture, variant].filter(Boolean).join("/");
}
