import { ImageBuilderError } from "../../base/errors";
import { parseImageReference } from "../../base/imageReference";
import type { Blob } from "../../distribution/descriptors";
import type { Manifest } from "../../distribution/manifest";
import { RegistryClient } from "../../distribution/registryClient";
import type { RegistryPlace } from "../../distribution/registryConnection";
import { LayerListings } from "../cache/layerListings";
import { readImageState, type ImageState } from "../image/imageConfig";
import { ObstacleError } from "../plan/obstacle";
import { isDamagedTar } from "../tar/damage";
import { gunzip, packingOf, peek } from "../tar/unpack";
import { FileTree } from "../tree/fileTree";
import type { TarSource } from "../tree/node";

/** An image of a registry that others stand on. */
export interface BaseImage {
  readonly host: string;
  readonly repository: string;
  readonly state: ImageState;
  /** The lowest first. */
  readonly layers: readonly Blob[];
  /** Its files, listed on first use; clone them before changing them. */
  readonly files: () => Promise<FileTree>;
  /** The packed bytes of one of its layers. */
  readonly openLayer: (digest: string, signal: AbortSignal) => AsyncIterable<Buffer>;
}

/** Finds images in their registries, each once for a build. */
export class BaseImages {
  readonly #images = new Map<string, Promise<BaseImage>>();
  readonly #clients = new Map<string, RegistryClient>();

  /** @param placeOf how a registry is reached, by its host */
  constructor(
    private readonly placeOf: (host: string) => RegistryPlace,
    private readonly signal: AbortSignal,
    private readonly listings = new LayerListings(undefined),
  ) {}

  /**
   * @param platform which of several to take
   * @throws ObstacleError for an image that no registry has, or that cannot be read here; ImageBuilderError
   */
  find(name: string, platform: string): Promise<BaseImage> {
    const key = `${platform} ${name}`;
    let found = this.#images.get(key);
    if (!found) this.#images.set(key, (found = this.#find(name, platform)));
    return found;
  }

  async #find(name: string, platform: string): Promise<BaseImage> {
    const { host, path, tag = "latest", digest } = this.#parse(name);
    const client = this.#clientOf(host);
    const manifest = await this.#manifest(client, path, digest ?? tag, name, platform);
    const state = readImageState(await client.configText(path, manifest.config.digest, this.signal));
    if (!state) throw new ObstacleError(`the base image "${name}", whose configuration can't be read`);
    if (manifest.layers.some(({ mediaType }) => !/[./]tar(?:[.+](?:gzip|zstd))?$/.test(mediaType)))
      throw new ObstacleError(`the base image "${name}", which has layers of another kind`);
    if (manifest.layers.some(({ mediaType }) => /nondistributable|foreign/.test(mediaType)))
      throw new ObstacleError(`the base image "${name}", whose layers may not be passed on`);
    const told = state.history.filter(({ isEmpty }) => !isEmpty).length;
    if (state.diffIds.length !== manifest.layers.length || told !== state.diffIds.length)
      throw new ObstacleError(`the base image "${name}", whose history does not match its layers`);
    const openLayer = (layer: string, signal: AbortSignal) => client.blob(path, layer, signal);
    let files: Promise<FileTree> | undefined;
    return {
      host,
      repository: path,
      state,
      layers: manifest.layers,
      openLayer,
      files: () => (files ??= this.#list(name, manifest.layers, state.diffIds, openLayer)),
    };
  }

  #parse(name: string): ReturnType<typeof parseImageReference> {
    try {
      return parseImageReference(name);
    } catch (error) {
      throw new ObstacleError(`the base image "${name}", which is no valid name`, { cause: error });
    }
  }

  async #manifest(
    client: RegistryClient,
    path: string,
    reference: string,
    name: string,
    platform: string,
  ): Promise<Extract<Manifest, { kind: "image" }>> {
    let manifest = await this.#read(client, path, reference, name);
    if (manifest.kind === "index") {
      const entry = manifest.entries.find((each) => !each.isAttestation && isPlatform(each.platform, platform));
      if (!entry) throw new ObstacleError(`the base image "${name}", which is not there for ${platform}`);
      manifest = await this.#read(client, path, entry.digest, name);
    }
    if (manifest.kind === "image") return manifest;
    throw new ObstacleError(`the base image "${name}", which is in a form that is not read here`);
  }

  /** An image that no registry has, or shows, may be one of the daemon's. */
  async #read(client: RegistryClient, path: string, reference: string, name: string): Promise<Manifest> {
    try {
      return await client.manifest(path, reference, this.signal);
    } catch (error) {
      this.signal.throwIfAborted();
      if (!ImageBuilderError.is(error)) throw error;
      const reason =
        error.code === "registryNotFound"
          ? "which its registry does not have"
          : `which can't be read: ${error.message}`;
      throw new ObstacleError(`the base image "${name}", ${reason}`, { cause: error });
    }
  }

  async #list(
    name: string,
    layers: readonly Blob[],
    diffIds: readonly string[],
    openLayer: BaseImage["openLayer"],
  ): Promise<FileTree> {
    const tree = new FileTree();
    for (const [index, { digest }] of layers.entries()) {
      const source: TarSource = {
        name: `a layer of "${name}"`,
        id: diffIds[index],
        open: (signal) => unpacked(openLayer(digest, signal), name),
      };
      const expected = diffIds[index] ?? "";
      const diffId = await this.listings.apply(tree, source, expected, this.signal).catch((error: unknown) => {
        if (!isDamagedTar(error)) throw error;
        throw new ObstacleError(`a layer of "${name}" that is damaged`, { cause: error });
      });
      if (diffId !== expected) throw new ObstacleError(`a layer of "${name}" that is not what its image tells`);
    }
    return tree;
  }

  #clientOf(host: string): RegistryClient {
    let client = this.#clients.get(host);
    if (!client) this.#clients.set(host, (client = new RegistryClient(this.placeOf(host))));
    return client;
  }
}

async function* unpacked(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const { start, all } = await peek(chunks);
  const packing = packingOf(start);
  if (packing !== "none" && packing !== "gzip") throw new ObstacleError(`a layer of "${name}" packed by ${packing}`);
  yield* packing === "gzip" ? gunzip(all) : all;
}

/** Whether a platform is the wanted one; a default variant may be omitted. */
function isPlatform(offered: string | undefined, wanted: string): boolean {
  const plain = (text: string): string => text.replace(/^(linux\/arm64)\/v8$/, "$1").replace(/^(linux\/arm)$/, "$1/v7");
  return offered !== undefined && plain(offered) === plain(wanted);
}
