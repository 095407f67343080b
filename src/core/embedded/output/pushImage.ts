import { Readable } from "node:stream";
import { ImageBuilderError } from "../../base/errors";
import { parseImageReference } from "../../base/imageReference";
import { ImageUpload, type UploadWay } from "../../distribution/imageUpload";
import type { RegistryPlace } from "../../distribution/registryConnection";
import type { ImageParts, Part, TextPart } from "./imageParts";

/** Image to push, or index with its images. */
export interface PushedImage {
  readonly images: readonly ImageParts[];
  /** Undefined where there is one image. */
  readonly index?: TextPart;
}

/** Destination of a push, and its options. */
export interface PushOptions {
  readonly imageName: string;
  readonly place: RegistryPlace;
  readonly signal: AbortSignal;
  /** Told of each part once it is there. */
  readonly onPart?: (part: { readonly digest: string; readonly size: number }, way: UploadWay) => void;
}

const uploadsAtOnce = 3;

/**
 * Uploads an image: first its parts, each only if the registry does not have it, and the manifest last, so that no name
 * leads to an image that is not whole.
 *
 * @returns the digest of what the name leads to
 * @throws ImageBuilderError
 */
export async function pushImage({ images, index }: PushedImage, options: PushOptions): Promise<string> {
  const { host, path, tag = "latest" } = parseImageReference(options.imageName);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const upload = new ImageUpload(options.place, path, signal);
  const pending = [...new Map(images.flatMap(partsOf).map((part) => [part.digest, part])).values()];
  const work = async (): Promise<void> => {
    for (let part = pending.shift(); part; part = pending.shift()) {
      const { digest, size, open, prepare, of } = part;
      const mountFrom = of?.host === host ? of.repository : undefined;
      const way = await upload.blob({ digest, sizeBytes: size, open: () => open(signal), prepare, mountFrom });
      options.onPart?.(part, way);
    }
  };
  const works = Array.from({ length: uploadsAtOnce }, work);
  try {
    await Promise.all(works);
  } catch (error) {
    stop.abort(error);
    // The others end before anybody takes their files away.
    await Promise.allSettled(works);
    throw error;
  }
  const [first] = images;
  for (const { manifest } of index ? images : []) await upload.manifest({ ...manifest, reference: manifest.digest });
  const last = index ?? first?.manifest;
  if (!last) throw new Error("an image without a manifest");
  const told = await upload.manifest({ ...last, reference: tag });
  if (told === undefined || told === last.digest) return last.digest;
  throw new ImageBuilderError(
    "pushFailed",
    `${host} has stored "${options.imageName}" with another digest than it was pushed with. Do not use it.`,
  );
}

function partsOf({ layers, config }: ImageParts): Part[] {
  return [...layers, { ...config, open: () => Readable.from([Buffer.from(config.body)]) }];
}
