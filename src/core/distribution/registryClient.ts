import { createHash } from "node:crypto";
import { algorithmOf, checkedDigest } from "../base/digest";
import { ImageBuilderError } from "../base/errors";
import { checkGone, deleteManifest } from "./deleteManifest";
import { readImageConfig, type ImageConfig } from "./imageConfig";
import { acceptedManifests, readManifest, type Manifest } from "./manifest";
import { checkMayPush } from "./pushAccess";
import { isAbsent, referrersOf, type Referrers } from "./referrers";
import { RegistryConnection, type RegistryPlace } from "./registryConnection";
import { repositoriesOf, tagsOf, type ListOptions } from "./registryLists";
import { nameOf, pathOf, pullScope } from "./repositoryPath";
import type { RegistryTag } from "./tags";

const maxManifestBytes = 4 * 2 ** 20;

/**
 * Queries a registry about its images with the Distribution API. Every method throws the errors of
 * `RegistryConnection.send`.
 *
 * @see https://github.com/opencontainers/distribution-spec
 */
export class RegistryClient {
  readonly #connection: RegistryConnection;

  constructor(place: RegistryPlace) {
    this.#connection = new RegistryConnection(place);
  }

  get host(): string {
    return this.#connection.place.host;
  }

  /** Checks that the registry responds and accepts the credentials; returns whether it requested any. */
  async ping(signal?: AbortSignal): Promise<{ readonly asksForCredentials: boolean }> {
    await this.#connection.send({ path: "/v2/", purpose: "sign in", signal });
    return { asksForCredentials: this.#connection.asksForCredentials };
  }

  /**
   * Lists the repositories that belong to the registry, page by page.
   *
   * @throws ImageBuilderError also `registryUnsupported`: many public registries don't list their repositories
   */
  repositories(question: ListOptions = {}): AsyncGenerator<string[]> {
    return repositoriesOf(this.#connection, question);
  }

  /**
   * Lists the tags of a repository, page by page. If the registry reports push times, each page is sorted with the
   * newest tags first.
   */
  tags(repository: string, question: ListOptions = {}): AsyncGenerator<RegistryTag[]> {
    return tagsOf(this.#connection, repository, question);
  }

  /** Reads a manifest, and checks its digest. @param reference a tag or a digest */
  async manifest(repository: string, reference: string, signal?: AbortSignal): Promise<Manifest> {
    const name = nameOf(repository, reference);
    const response = await this.#connection.send({
      path: `${pathOf(repository, reference)}/manifests/${reference}`,
      scope: pullScope(repository),
      headers: { accept: acceptedManifests },
      maxBytes: maxManifestBytes,
      purpose: `read "${name}"`,
      signal,
    });
    return readManifest(response, name, reference.includes(":") ? reference : undefined, this.host);
  }

  /** Lists what refers to an image, such as signatures, all so far after each page. */
  referrers(repository: string, digest: string, signal?: AbortSignal): AsyncGenerator<Referrers> {
    return referrersOf(this.#connection, { repository, digest, signal }, (tag) =>
      this.manifest(repository, tag, signal).catch((error: unknown) => {
        if (isAbsent(error)) return undefined;
        throw error;
      }),
    );
  }

  /** Reads the configuration of an image: its creation time, platform, and labels. */
  async imageConfig(
    repository: string,
    { config, layers }: Extract<Manifest, { kind: "image" }>,
    signal?: AbortSignal,
  ): Promise<ImageConfig> {
    return readImageConfig(
      await this.#blob(repository, config.digest, `read the configuration of an image in "${repository}"`, signal),
      layers,
    );
  }

  /** Reads the configuration of an image as it is stored. */
  async configText(repository: string, digest: string, signal?: AbortSignal): Promise<Buffer> {
    return this.#blob(repository, digest, `read the configuration of an image in "${repository}"`, signal);
  }

  /** Reads a blob of any size in chunks; throws after the last one if the digest differs. */
  async *blob(repository: string, digest: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
    const purpose = `read a layer of "${repository}"`;
    const { body } = await this.#connection.open({
      path: `${pathOf(repository, digest)}/blobs/${digest}`,
      scope: pullScope(repository),
      purpose,
      signal,
    });
    const algorithm = algorithmOf(digest);
    const hash = createHash(algorithm);
    for await (const chunk of body) {
      hash.update(chunk);
      yield chunk;
    }
    this.#checkFound(`${algorithm}:${hash.digest("hex")}`, digest, purpose);
  }

  /** Reads a blob. @throws ImageBuilderError also `registryFailed` if its digest is not the requested one */
  async #blob(repository: string, digest: string, purpose: string, signal: AbortSignal | undefined): Promise<Buffer> {
    const { body } = await this.#connection.send({
      path: `${pathOf(repository, digest)}/blobs/${digest}`,
      scope: pullScope(repository),
      maxBytes: maxManifestBytes,
      purpose,
      signal,
    });
    const algorithm = algorithmOf(digest);
    this.#checkFound(`${algorithm}:${createHash(algorithm).update(body).digest("hex")}`, digest, purpose);
    return body;
  }

  #checkFound(found: string, digest: string, purpose: string): void {
    if (found === digest) return;
    throw new ImageBuilderError(
      "registryFailed",
      `The response from ${this.host} to the request to ${purpose} has the unexpected digest ${found}. Do not use it.`,
    );
  }

  /** Returns the digest of a tag; undefined if there is no such tag. @param tag or a digest */
  async digestOf(repository: string, tag: string, signal?: AbortSignal): Promise<string | undefined> {
    // Docker Hub counts each GET of a manifest toward its rate limit, but no HEAD.
    const path = `${pathOf(repository, tag)}/manifests/${tag}`;
    const purpose = `read "${nameOf(repository, tag)}"`;
    const request = {
      path,
      method: "HEAD",
      scope: pullScope(repository),
      headers: { accept: acceptedManifests },
      purpose,
      expected: "any",
      signal,
    } as const;
    // What is wrong with the whole registry is found out first.
    await this.#connection.challenge(signal);
    const asked = await this.#connection.send(request).catch((error: unknown) => {
      // Some proxies close the connection.
      if (ImageBuilderError.is(error, "registryUnreachable")) return undefined;
      throw error;
    });
    const digest = asked?.headers["docker-content-digest"];
    if (typeof digest === "string" && asked && asked.status < 300) return checkedDigest(digest, this.host);
    // Who is asked too often is not asked again at once.
    if (asked?.status === 429) throw await this.#connection.failure(request, asked);
    // Proxies and some registries refuse the question that they answer in full.
    try {
      return (await this.manifest(repository, tag, signal)).digest;
    } catch (error) {
      if (ImageBuilderError.is(error, "registryNotFound")) return undefined;
      throw error;
    }
  }

  /**
   * Deletes an image, including all its tags.
   *
   * @throws ImageBuilderError also `registryUnsupported` if the registry doesn't allow it
   */
  async deleteImage(repository: string, digest: string, signal?: AbortSignal): Promise<void> {
    await this.#delete(repository, digest, `delete "${repository}@${digest}"`, signal);
  }

  /**
   * Removes a tag and keeps the image, which only newer registries support.
   *
   * @throws ImageBuilderError also `registryUnsupported`; in that case, delete the image by its digest
   */
  async deleteTag(repository: string, tag: string, signal?: AbortSignal): Promise<void> {
    await this.#delete(repository, tag, `delete the tag "${repository}:${tag}"`, signal);
  }

  /**
   * Checks that the credentials may push to a repository, by starting and canceling an upload, which leaves nothing
   * behind. Throws if they may not.
   */
  async checkMayPush(repository: string, signal?: AbortSignal): Promise<void> {
    await checkMayPush(this.#connection, repository, signal);
  }

  async #delete(
    repository: string,
    reference: string,
    purpose: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const path = `${pathOf(repository, reference)}/manifests/${reference}`;
    await deleteManifest(this.#connection, { repository, reference, path, purpose, signal });
    await checkGone(this.host, purpose, () => this.digestOf(repository, reference, signal), signal);
  }
}
