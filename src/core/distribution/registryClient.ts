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

/** Which of many to list. */
export interface ListQuestion {
  /** Only names that contain this, whatever the case. */
  readonly filter?: string;
  /** How many to ask for at once; default is 100. A registry may answer with more or fewer. */
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
}

const maxManifestBytes = 4 * 2 ** 20;
/** Nobody reads longer lists, and sorting them takes its time. */
const maxNames = 100_000;

const catalogSchema = z.looseObject({ repositories: z.array(z.string()).nullish() });

/**
 * Asks a registry about its images by the Distribution API. Every method throws what `RegistryConnection.send` does.
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

  /** Makes sure that the registry answers and takes the credentials, and says whether it wanted any. */
  async ping(signal?: AbortSignal): Promise<{ readonly asksForCredentials: boolean }> {
    await this.#connection.send({ path: "/v2/", purpose: "sign in", signal });
    return { asksForCredentials: this.#connection.asksForCredentials };
  }

  /**
   * The repositories that belong to the registry, page by page.
   *
   * @throws ImageBuilderError also `registryUnsupported`: many public registries do not tell what they have
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
   * The tags of a repository, page by page; of registries that tell when each was pushed, the newest first within a
   * page.
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

  /** @param reference a tag or a digest */
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

  /** What the configuration of an image says: when it was made, its platform, its labels. */
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

  /** The configuration of an image as it is written. */
  async configText(repository: string, digest: string, signal?: AbortSignal): Promise<Buffer> {
    return this.#blob(repository, digest, `read the configuration of an image in "${repository}"`, signal);
  }

  /** Reads a blob of any size in chunks. The last of them fails when the whole has another digest. */
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

  /** @throws ImageBuilderError also `registryFailed` when it is not what was asked for */
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

  /** @throws ImageBuilderError `registryFailed` when a list is too long to be shown */
  #counted(total: number, more: number): number {
    if (total + more <= maxNames) return total + more;
    throw new ImageBuilderError(
      "registryFailed",
      `${this.host} lists more than ${maxNames.toLocaleString("en")} entries; the rest was not read. ` +
        "Enter the name of the entry you want.",
    );
  }

  /** The digest that a tag leads to; nothing when there is no such tag. */
  async digestOf(repository: string, tag: string, signal?: AbortSignal): Promise<string | undefined> {
    // Docker Hub counts each manifest that is read, and none that is only asked for.
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
   * Deletes an image, and with it every tag that leads to it.
   *
   * @throws ImageBuilderError also `registryUnsupported` when the registry does not allow it
   */
  async deleteImage(repository: string, digest: string, signal?: AbortSignal): Promise<void> {
    await this.#delete(repository, digest, `delete "${repository}@${digest}"`, signal);
  }

  /**
   * Takes a tag away and leaves the image, which newer registries can.
   *
   * @throws ImageBuilderError also `registryUnsupported`: delete the image by its digest then
   */
  async deleteTag(repository: string, tag: string, signal?: AbortSignal): Promise<void> {
    await this.#delete(repository, tag, `delete the tag "${repository}:${tag}"`, signal);
  }

  /**
   * Whether the credentials may push to a repository: an upload is begun and cancelled, which leaves nothing. Throws if
   * they may not.
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
    // Where an upload leads may be another host, which is not ours to ask.
    const base = `https://${this.host}/`;
    if (!URL.canParse(headers.location, base)) return;
    const { pathname, search, host } = new URL(headers.location, base);
    if (host !== this.host) return;
    // An account that may not cancel leaves it to the registry, which forgets uploads that are not finished.
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
 * Names come from registries, too, and must not lead to other paths.
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
