import { createHash } from "node:crypto";
import type { Blob } from "../../distribution/descriptors";
import type { BaseImage } from "../run/baseImages";
import { writeImageState, type ImageState } from "../image/imageConfig";
import type { PackedLayer } from "./packLayer";

/** Family of an image's media types; one image never mixes them. */
export type MediaFamily = "oci" | "docker";

/** Part of an image as a manifest refers to it. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly architecture: string; readonly os: string; readonly variant?: string };
}

/** Bytes with what a manifest tells of them. */
export interface Part extends Descriptor {
  readonly open: (signal: AbortSignal) => AsyncIterable<Buffer>;
  /** See `PackedLayer`. */
  readonly prepare?: () => Promise<void>;
  /** Repository that already contains them. */
  readonly of?: Pick<BaseImage, "host" | "repository">;
}

/** A small part, in memory. */
export interface TextPart extends Descriptor {
  readonly body: string;
}

/** A finished image of one platform. */
export interface ImageParts {
  readonly layers: readonly Part[];
  readonly config: TextPart;
  readonly manifest: TextPart;
}

const types = {
  oci: {
    index: "application/vnd.oci.image.index.v1+json",
    manifest: "application/vnd.oci.image.manifest.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar",
    gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  },
  docker: {
    index: "application/vnd.docker.distribution.manifest.list.v2+json",
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar",
    gzip: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  },
} as const;

/** Parts of an image. */
export interface ImageInput {
  readonly state: ImageState;
  readonly base?: BaseImage;
  readonly layers: readonly PackedLayer[];
  /** ISO 8601. */
  readonly created: string;
  readonly family: MediaFamily;
}

/** Puts an image together: layers, configuration and manifest. */
export function imageParts({ state, base, layers, created, family }: ImageInput): ImageParts {
  const parts = [
    ...(base?.layers ?? []).map((blob): Part => ({
      mediaType: layerType(blob, family),
      digest: blob.digest,
      size: blob.sizeBytes,
      open: (signal) => base?.openLayer(blob.digest, signal) ?? nothing(),
      of: base,
    })),
    ...layers.map(({ digest, sizeBytes, open, prepare }): Part => ({
      mediaType: types[family].gzip,
      digest,
      size: sizeBytes,
      open,
      prepare,
    })),
  ];
  const diffIds = [...(base?.state.diffIds ?? []), ...layers.map(({ diffId }) => diffId)];
  const config = textPart(writeImageState({ ...state, diffIds }, created).toString("utf8"), types[family].config);
  const manifest = {
    schemaVersion: 2,
    mediaType: types[family].manifest,
    config: descriptorOf(config),
    layers: parts.map(descriptorOf),
  };
  return { layers: parts, config, manifest: textPart(JSON.stringify(manifest), types[family].manifest) };
}

/** Puts the images of several platforms into one index. */
export function indexOf(
  images: readonly { readonly image: ImageParts; readonly state: ImageState }[],
  family: MediaFamily,
): TextPart {
  const manifests = images.map(({ image, state: { architecture, os, variant } }) => ({
    ...descriptorOf(image.manifest),
    platform: { architecture, os, ...(variant && { variant }) },
  }));
  const index = { schemaVersion: 2, mediaType: types[family].index, manifests };
  return textPart(JSON.stringify(index), types[family].index);
}

/** Descriptor of a part in a manifest. */
export function descriptorOf({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

function textPart(body: string, mediaType: string): TextPart {
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  return { mediaType, digest, size: Buffer.byteLength(body), body };
}

/** A layer of a base is passed on as it is packed. */
function layerType({ mediaType }: Blob, family: MediaFamily): string {
  const { gzip, layer } = types[family];
  if (/gzip$/.test(mediaType)) return gzip;
  if (/zstd$/.test(mediaType)) return `${layer}${family === "oci" ? "+" : "."}zstd`;
  return layer;
}

function nothing(): AsyncIterable<Buffer> {
  throw new Error("a layer of no image");
}
