import { createHash } from "node:crypto";
import * as z from "zod";
import { readAnswer } from "../border/readAnswer";
import { algorithmOf, checkedDigest } from "../base/digest";
import { ImageBuilderError, type ErrorCode } from "../base/errors";
import { parseImageReference } from "../base/imageReference";
import { checkGone, deleteManifest } from "./deleteManifest";
import { readImageConfig, type ImageConfig } from "./imageConfig";
import { acceptedManifests, readManifest, type Manifest } from "./manifest";
import { listedNames } from "./listedNames";
import { pagesOf } from "./pages";
import { RegistryConnection, type RegistryPlace } from "./registryConnection";
import { tagsIn, type RegistryTag } from "./tags";
import { tryUpload } from "./tryUpload";

/** Filter of a list. */
export interface ListQuestion {
  /** Returns only names that contain this text, ignoring case. */
  readonly filter?: string;
  /** Number of entries to request per page, default is 100. A registry may return more or fewer. */
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
}

const maxManifestBytes = 4 * 2 ** 20;
/** Maximum number of entries in a list; longer ones would take too long to sort. */
const maxNames = 100_000;

const catalogSchema = z.looseObject({ repositories: listedNames });

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
  async *repositories(question: ListQuestion = {}): AsyncGenerator<string[]> {
    if (this.host === "docker.io") throw noCatalog(this.host);
    const path = `/v2/_catalog?n=${question.pageSize ?? 100}`;
    const request = {
      path,
      scope: "registry:catalog:*",
      purpose: "list its repositories",
      expected: [400],
      signal: question.signal,
    };
    let total = 0;
    try {
      for await (const response of pagesOf(this.#connection, request)) {
        if (response.status !== 200) throw noCatalog(this.host);
        const { repositories } = readAnswer(response.body, {
          schema: catalogSchema,
          who: this.host,
          what: "list of repositories",
          code: "registryFailed",
        });
        total = this.#counted(total, repositories?.length ?? 0);
        const names = (repositories ?? []).filter((name) => this.#connection.place.owns?.(name) ?? true);
        yield fitting(names, question.filter, (name) => name);
      }
    } catch (error) {
      throw (await this.#isWithoutCatalog(error, question.signal)) ? noCatalog(this.host, error) : error;
    }
  }

  /** Whether a registry does not list its repositories for anybody, or not for an account that it accepts otherwise. */
  async #isWithoutCatalog(error: unknown, signal: AbortSignal | undefined): Promise<boolean> {
    if (!ImageBuilderError.is(error)) return false;
    if (withoutCatalog.includes(error.code)) return true;
    if (error.code !== "registryUnauthorized") return false;
    try {
      await this.#connection.send({ path: "/v2/", scope: "", purpose: "sign in", signal });
      return true;
    } catch {
      signal?.throwIfAborted();
      return false;
    }
  }

  /**
   * Lists the tags of a repository, page by page. If the registry reports push times, each page is sorted with the
   * newest tags first.
   */
  async *tags(repository: string, question: ListQuestion = {}): AsyncGenerator<RegistryTag[]> {
    const path = `${pathOf(repository)}/tags/list?n=${question.pageSize ?? 100}`;
    const request = {
      path,
      scope: pullScope(repository),
      purpose: `list the tags of "${repository}"`,
      signal: question.signal,
    };
    let total = 0;
    for await (const { body } of pagesOf(this.#connection, request)) {
      const tags = tagsIn(body, this.host);
      total = this.#counted(total, tags.length);
      yield fitting(tags, question.filter, ({ name }) => name);
    }
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

  /** Adds to a count of entries. @throws ImageBuilderError `registryFailed` if a list is too long to be shown */
  #counted(total: number, more: number): number {
    if (total + more <= maxNames) return total + more;
    throw new ImageBuilderError(
      "registryFailed",
      `${this.host} lists more than ${maxNames.toLocaleString("en")} entries; the rest was not read. ` +
        "Enter the name of the entry you want.",
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
    await tryUpload(this.#connection, repository, pathOf(repository), signal);
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

/**
 * Returns the path of a repository, after checking the names: those from a registry must not lead to other paths.
 *
 * @throws ImageBuilderError `imageNameInvalid`
 */
function pathOf(repository: string, reference = "latest"): string {
  parseImageReference(`registry.invalid/${repository}${reference.includes(":") ? "@" : ":"}${reference}`);
  return `/v2/${repository}`;
}

function nameOf(repository: string, reference: string): string {
  return `${repository}${reference.includes(":") ? "@" : ":"}${reference}`;
}

function pullScope(repository: string): string {
  return `repository:${repository}:pull`;
}

/** Failures of registries that don't list their repositories. */
const withoutCatalog: readonly ErrorCode[] = ["registryDenied", "registryNotFound", "registryUnsupported"];

function noCatalog(host: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "registryUnsupported",
    `${host} does not list its repositories. Enter a repository name to see its tags.`,
    { cause },
  );
}

function fitting<Item>(items: readonly Item[], filter: string | undefined, nameOf: (item: Item) => string): Item[] {
  const wanted = filter?.toLowerCase() ?? "";
  return items.filter((item) => nameOf(item).toLowerCase().includes(wanted));
}
