import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ImageBuilderError, messageOf, systemCodeOf } from "../../base/errors";
import { paddingBytes, tarEnd, tarHeader } from "../../context/files/tarHeader";
import { descriptorOf, type ImageParts, type TextPart } from "./imageParts";
import type { PushedImage } from "./pushImage";

/**
 * Writes an image as a tar with an OCI layout. The file appears only when it is whole.
 *
 * @param images of the family `oci`, the only one that a layout may hold
 * @throws ImageBuilderError `exportFailed`
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function writeOciLayout(
  images: PushedImage,
  names: readonly string[],
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const unfinished = `${file}.unfinished-${process.pid}`;
  try {
    await pipeline(Readable.from(layoutTar(images, names, signal)), createWriteStream(unfinished), { signal });
    await rename(unfinished, file);
  } catch (error) {
    signal.throwIfAborted();
    if (ImageBuilderError.is(error) || systemCodeOf(error) === undefined) throw error;
    throw new ImageBuilderError(
      "exportFailed",
      `Can't write "${file}" (${messageOf(error)}). Choose another place, or free some space.`,
      { cause: error },
    );
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function* layoutTar(
  { images, index }: PushedImage,
  names: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const [first] = images;
  const top = index ?? first?.manifest;
  if (!top) return;
  const seen = new Set<string>();
  yield* file("oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  yield* folder("blobs");
  yield* folder("blobs/sha256");
  for (const image of images) yield* blobsOf(image, seen, signal);
  if (index) yield* text(index, seen);
  const manifests = names.map((name) => ({
    ...descriptorOf(top),
    annotations: { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": tagOf(name) },
  }));
  yield* file(
    "index.json",
    JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests }),
  );
  yield tarEnd;
}

async function* blobsOf(
  { layers, config, manifest }: ImageParts,
  seen: Set<string>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (const { digest, size, open } of layers) {
    if (seen.has(digest)) continue;
    seen.add(digest);
    yield tarHeader({ path: pathOf(digest), kind: "file", mode: 0o644, sizeBytes: size }, 0);
    yield* open(signal);
    yield Buffer.alloc(paddingBytes(size));
  }
  yield* text(config, seen);
  yield* text(manifest, seen);
}

function* text({ digest, body }: TextPart, seen: Set<string>): Generator<Buffer> {
  if (seen.has(digest)) return;
  seen.add(digest);
  yield* file(pathOf(digest), body);
}

function* file(path: string, body: string): Generator<Buffer> {
  const bytes = Buffer.from(body);
  yield tarHeader({ path, kind: "file", mode: 0o644, sizeBytes: bytes.length }, 0);
  yield bytes;
  yield Buffer.alloc(paddingBytes(bytes.length));
}

function* folder(path: string): Generator<Buffer> {
  yield tarHeader({ path, kind: "directory", mode: 0o755, sizeBytes: 0 }, 0);
}

function pathOf(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`;
}

function tagOf(name: string): string {
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(colon + 1) : "latest";
}
