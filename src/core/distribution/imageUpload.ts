import { Readable } from "node:stream";
import { ImageBuilderError } from "../base/errors";
import { checkedDigest } from "../base/digest";
import { parseImageReference } from "../base/imageReference";
import type { HttpResponse } from "../http/httpClient";
import type { HttpBody } from "../http/streamedBody";
import { RegistryConnection, type RegistryPlace } from "./registryConnection";

/** A blob to upload. */
export interface UploadedBlob extends HttpBody {
  readonly digest: string;
  /** Makes the bytes ready, which may take longer than a registry waits; called only if they are sent. */
  readonly prepare?: () => Promise<void>;
  /** A repository of the same registry that has it. */
  readonly mountFrom?: string;
}

/** Way in which a blob was stored. */
export type UploadWay = "exists" | "mounted" | "whole" | "chunked";

/** A manifest to upload. */
export interface UploadedManifest {
  readonly body: string;
  readonly mediaType: string;
  /** A tag or a digest. */
  readonly reference: string;
}

/** A registry may take its time before it answers to the last byte. */
const waitMs = 120_000;
const chunkBytes = 8 * 1024 * 1024;
/** Responses of registries that accept no blob in a single request. */
const refusesWhole = [400, 404, 405, 411, 413, 416, 501];

/**
 * Uploads the parts of an image to one repository: what is there is asked first, and what cannot be sent in one request
 * goes in chunks. Every method throws what `RegistryConnection.send` does.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push
 */
export class ImageUpload {
  readonly #connection: RegistryConnection;
  readonly #path: string;

  constructor(
    place: RegistryPlace,
    private readonly repository: string,
    private readonly signal: AbortSignal,
  ) {
    parseImageReference(`registry.invalid/${repository}`);
    this.#connection = new RegistryConnection(place);
    this.#path = `/v2/${repository}`;
  }

  async blob(blob: UploadedBlob): Promise<UploadWay> {
    if (await this.#has(blob.digest)) return "exists";
    if (blob.mountFrom === undefined) await blob.prepare?.();
    const begun = await this.#begin(blob);
    if (begun === undefined) return "mounted";
    const whole = await this.#send({
      path: withDigest(begun, blob.digest),
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: blob,
      timeoutMs: waitMs,
      expected: refusesWhole,
    });
    if (whole.status < 300) return "whole";
    await this.#inChunks(blob);
    return "chunked";
  }

  /** @returns the digest of the manifest as the registry tells it */
  async manifest({ body, mediaType, reference }: UploadedManifest): Promise<string | undefined> {
    const response = await this.#send({
      path: `${this.#path}/manifests/${reference}`,
      method: "PUT",
      headers: { "content-type": mediaType },
      body,
      timeoutMs: waitMs,
    });
    const told = response.headers["docker-content-digest"];
    return told === undefined ? undefined : checkedDigest(told, this.#connection.place.host);
  }

  async #has(digest: string): Promise<boolean> {
    const { status } = await this.#send({
      path: `${this.#path}/blobs/${digest}`,
      method: "HEAD",
      // What HEAD refuses, the upload decides; who is asked too often is not asked again at once.
      expected: [400, 401, 403, 404, 405, 406, 410, 500, 501, 502, 503],
    });
    return status < 300;
  }

  /** Address of the next request; undefined if the registry has mounted the blob from the other repository. */
  async #begin({ digest, mountFrom }: Pick<UploadedBlob, "digest" | "mountFrom">): Promise<string | undefined> {
    if (mountFrom !== undefined && mountFrom !== this.repository) {
      const query = new URLSearchParams({ mount: digest, from: mountFrom });
      const scope = `${this.#scope} repository:${mountFrom}:pull`;
      // An account that may not read there, and a registry that mounts nothing, get a copy.
      const mounted = await this.#send({
        path: `${this.#path}/blobs/uploads/?${query.toString()}`,
        method: "POST",
        headers: { "content-length": "0" },
        scope,
        expected: [400, 401, 403, 404, 405, 500, 501],
      });
      if (mounted.status === 201) return undefined;
      if (mounted.status < 300) return this.#locationOf(mounted);
    }
    return this.#locationOf(
      await this.#send({ path: `${this.#path}/blobs/uploads/`, method: "POST", headers: { "content-length": "0" } }),
    );
  }

  async #inChunks(blob: UploadedBlob): Promise<void> {
    let location = this.#locationOf(
      await this.#send({ path: `${this.#path}/blobs/uploads/`, method: "POST", headers: { "content-length": "0" } }),
    );
    let at = 0;
    for await (const chunk of inPieces(blob.open(), chunkBytes)) {
      const range = `${at}-${at + chunk.length - 1}`;
      const body = { sizeBytes: chunk.length, open: () => Readable.from([chunk]) };
      const headers = { "content-type": "application/octet-stream", "content-range": range };
      location = this.#locationOf(
        await this.#send({ path: location, method: "PATCH", headers, body, timeoutMs: waitMs }),
      );
      at += chunk.length;
    }
    await this.#send({
      path: withDigest(location, blob.digest),
      method: "PUT",
      headers: { "content-length": "0" },
      timeoutMs: waitMs,
    });
  }

  get #scope(): string {
    return `repository:${this.repository}:pull,push`;
  }

  #send(request: Omit<Parameters<RegistryConnection["send"]>[0], "purpose">): Promise<HttpResponse> {
    const purpose = `push to "${this.repository}"`;
    return this.#connection.send({ scope: this.#scope, signal: this.signal, ...request, purpose });
  }

  #locationOf({ headers, url }: HttpResponse): string {
    const { location } = headers;
    if (location !== undefined && URL.canParse(location, url.href)) return new URL(location, url).href;
    const { host } = this.#connection.place;
    throw new ImageBuilderError(
      "registryFailed",
      `${host} did not say where to upload to. Try again, or check that the registry is working.`,
    );
  }
}

function withDigest(location: string, digest: string): string {
  const url = new URL(location);
  url.searchParams.set("digest", digest);
  return url.href;
}

/** Joins and cuts chunks to pieces of one size, but for the last. */
async function* inPieces(chunks: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const piece = chunk.subarray(at, at + size - length);
      pieces.push(piece);
      at += piece.length;
      length += piece.length;
      if (length < size) continue;
      yield Buffer.concat(pieces, length);
      [pieces, length] = [[], 0];
    }
  }
  if (length > 0) yield Buffer.concat(pieces, length);
}
