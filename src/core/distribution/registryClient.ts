import { createHash } from "node:crypto";
import * as z from "zod";
import { readAnswer } from "../border/readAnswer";
import { algorithmOf, checkedDigest } from "../base/digest";
import { ImageBuilderError } from "../base/errors";
import { parseImageReference } from "../base/imageReference";
import { readImageConfig, type ImageConfig } from "./imageConfig";
import { acceptedManifests, readManifest, type Manifest } from "./manifest";
import { pagesOf } from "./pages";
import { RegistryConnection, type RegistryPlace } from "./registryConnection";
import { tagsIn, type RegistryTag } from "./tags";

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

const catalogSchema = z.looseObject({ repositories: z.array(z.string()).nullish() });

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
      expected: [403, 404, 405],
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
      throw ImageBuilderError.is(error, "registryDenied") ? noCatalog(this.host, error) : error;
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
    const name = `${repository}${reference.includes(":") ? "@" : ":"}${reference}`;
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
    const found = `${algorithm}:${createHash(algorithm).update(body).digest("hex")}`;
    if (found === digest) return body;
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

  /** Returns the digest of a tag; undefined if there is no such tag. */
  async digestOf(repository: string, tag: string, signal?: AbortSignal): Promise<string | undefined> {
    // Docker Hub counts each GET of a manifest toward its rate limit, but no HEAD.
    const path = `${pathOf(repository, tag)}/manifests/${tag}`;
    const purpose = `read "${repository}:${tag}"`;
    const asked = await this.#connection.send({
      path,
      method: "HEAD",
      scope: pullScope(repository),
      headers: { accept: acceptedManifests },
      purpose,
      expected: [404, 405],
      signal,
    });
    const digest = asked.headers["docker-content-digest"];
    if (typeof digest === "string" && asked.status < 300) return checkedDigest(digest, this.host);
    if (asked.status === 404) return undefined;
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
    const purpose = `push to "${repository}"`;
    const scope = `repository:${repository}:pull,push`;
    const { headers } = await this.#connection.send({
      purpose,
      scope,
      signal,
      path: `${pathOf(repository)}/blobs/uploads/`,
      method: "POST",
      headers: { "content-length": "0" },
    });
    if (headers.location === undefined) return;
    // The upload may continue on another host, which must not get the request.
    const base = `https://${this.host}/`;
    if (!URL.canParse(headers.location, base)) return;
    const { pathname, search, host } = new URL(headers.location, base);
    if (host !== this.host) return;
    // If the account may not cancel the upload, the registry removes it, since it is unfinished.
    await this.#connection.send({
      purpose,
      scope: `${scope},delete`,
      signal,
      path: pathname + search,
      method: "DELETE",
      expected: [401, 403, 404, 405],
    });
  }

  async #delete(
    repository: string,
    reference: string,
    purpose: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const path = `${pathOf(repository, reference)}/manifests/${reference}`;
    const scope = `repository:${repository}:delete,pull`;
    const response = await this.#connection.send({
      path,
      scope,
      method: "DELETE",
      purpose,
      expected: [400, 405],
      signal,
    });
    if (response.status !== 400 && response.status !== 405) return;
    throw new ImageBuilderError(
      "registryUnsupported",
      `${this.host} can't ${purpose}. ` +
        "Enable deletion in the registry (REGISTRY_STORAGE_DELETE_ENABLED), or use its website.",
    );
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

function pullScope(repository: string): string {
  return `repository:${repository}:pull`;
}

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
