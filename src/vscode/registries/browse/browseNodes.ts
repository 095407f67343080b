import type { Component } from "../../../core/base/component";
import { messageOf } from "../../../core/base/errors";
import type { IndexEntry } from "../../../core/distribution/descriptors";
import type { Manifest } from "../../../core/distribution/manifest";
import type { RegistryTag } from "../../../core/distribution/tags";
import type { RowCommand } from "../../ui/rowCommand";
import type { FactRow } from "./factRow";
import { manifestRows, restRows, unlistedRow } from "./manifestRows";
import { Listing } from "./listing";
import type { OpenRegistry } from "./openRegistry";

/** Row that runs one of our commands on another row when it is selected. */
export interface ActionRow {
  readonly kind: "action";
  readonly label: string;
  readonly icon: string;
  readonly command: RowCommand;
  readonly target: BrowseNode;
}

/** Row below an expandable row. */
export type BrowseRow = RepositoryNode | TagNode | ImageNode | FactRow | ActionRow;

/** Row whose child rows are loaded from the registry when it is expanded. */
export type BrowseNode = RepositoriesNode | RepositoryNode | TagNode | ImageNode;

/** Registry that rows belong to: their requests and notifications go through it. */
export interface BrowsedRegistry {
  readonly component: Component;
  readonly root: RepositoriesNode;
  /** Host with its port; empty until the registry was opened. */
  readonly host: string;
  open(): Promise<OpenRegistry>;
  changed(node: BrowseNode): void;
  repositories(signal: AbortSignal): AsyncGenerator<readonly RepositoryNode[]>;
  isKnown(path: string): boolean;
  forget(path: string): Promise<void>;
  /** Whether the registry lists its repositories, as far as is known. */
  readonly listsRepositories: boolean;
  close(): void;
  stop(): void;
}

/** Repositories of a registry. */
export class RepositoriesNode {
  readonly kind = "repositories";
  readonly listing: Listing<RepositoryNode>;
  readonly id: string;

  constructor(readonly browser: BrowsedRegistry) {
    // Encoded, because a name with slashes could have the id of another registry's repository. VS Code doesn't show a
    // tree with duplicate ids.
    this.id = `registry/${encodeURIComponent(browser.component.name)}`;
    this.listing = new Listing({
      load: (signal) => browser.repositories(signal),
      textOf: ({ path }) => path,
      changed: () => browser.changed(this),
    });
  }
}

/** Repository with its tags. */
export class RepositoryNode {
  readonly kind = "repository";
  readonly listing: Listing<TagNode>;
  readonly id: string;
  readonly #tags = new Map<string, TagNode>();

  constructor(
    readonly browser: BrowsedRegistry,
    /** Path below the registry's host. */
    readonly path: string,
  ) {
    this.id = `${browser.root.id}/${path}`;
    this.listing = new Listing({
      load: (signal) => this.#load(signal),
      textOf: ({ tag }) => tag.name,
      changed: () => browser.changed(this),
    });
  }

  get parent(): RepositoriesNode {
    return this.browser.root;
  }

  get repository(): this {
    return this;
  }

  async *#load(signal: AbortSignal): AsyncGenerator<readonly TagNode[]> {
    const [{ client }, { sortedSoFar }] = await Promise.all([
      this.browser.open(),
      import("../../../core/distribution/tags"),
    ]);
    for await (const tags of sortedSoFar(client.tags(this.path, { pageSize: 1000, signal })))
      yield tags.map((tag) => this.#tagNode(tag));
  }

  /** Returns the same node for the same name, so that expanded rows stay expanded. */
  #tagNode(tag: RegistryTag): TagNode {
    const node = this.#tags.get(tag.name) ?? new TagNode(this, tag);
    this.#tags.set(tag.name, node);
    return node;
  }
}

/** Tag with the known data of its image. */
export class TagNode {
  readonly kind = "tag";
  readonly listing: Listing<BrowseRow>;
  readonly id: string;
  /** Undefined until the tag was expanded. */
  manifest: Manifest | undefined;

  constructor(
    readonly parent: RepositoryNode,
    readonly tag: RegistryTag,
  ) {
    this.id = `${parent.id}:${tag.name}`;
    this.listing = imageListing(this, tag.name);
  }

  get repository(): RepositoryNode {
    return this.parent;
  }

  get digest(): string | undefined {
    return this.manifest?.digest;
  }

  /** Image name in the form `host/path:tag`. */
  get imageName(): string {
    return `${this.parent.browser.host}/${this.parent.path}:${this.tag.name}`;
  }
}

/** Image in an index, or what is attached to an image. */
export class ImageNode {
  readonly kind = "image";
  readonly listing: Listing<BrowseRow>;
  readonly id: string;
  manifest: Manifest | undefined;

  constructor(
    readonly parent: TagNode | ImageNode,
    readonly entry: IndexEntry & { readonly isAttached?: boolean },
    /** Position in the index, which may contain an image twice. */
    at: string,
    /** Platform of the image that an attestation describes. */
    readonly describedPlatform?: string,
  ) {
    this.id = `${parent.id}/${at}@${entry.digest}`;
    this.listing = imageListing(this, entry.digest);
  }

  get repository(): RepositoryNode {
    return this.parent.repository;
  }

  get digest(): string {
    return this.entry.digest;
  }

  /** Image name in the form `host/path@digest`. */
  get imageName(): string {
    return `${this.repository.browser.host}/${this.repository.path}@${this.digest}`;
  }
}

/** Whether a command's argument is a row that is loaded from a registry. */
export function isBrowseNode(value: unknown): value is BrowseNode {
  return (
    value instanceof RepositoriesNode ||
    value instanceof RepositoryNode ||
    value instanceof TagNode ||
    value instanceof ImageNode
  );
}

/** Returns the browser of the registry that a row belongs to. */
export function browserOf(node: BrowseNode): BrowsedRegistry {
  return node.kind === "repositories" ? node.browser : node.repository.browser;
}

/**
 * Returns `name@sha256:…` of a tag or an image; a tag's digest is requested from the registry. Returns undefined if the
 * tag no longer exists.
 */
export async function repoDigestOf(node: TagNode | ImageNode, signal?: AbortSignal): Promise<string | undefined> {
  const { browser, path } = node.repository;
  const digest =
    node.kind === "image"
      ? node.digest
      : await browser.open().then(({ client }) => client.digestOf(path, node.tag.name, signal));
  return digest === undefined ? undefined : `${browser.host}/${path}@${digest}`;
}

function imageListing(node: TagNode | ImageNode, reference: string): Listing<BrowseRow> {
  /** By digest, so that expanded rows stay expanded while further pages come. */
  const attachedNodes = new Map<string, ImageNode>();
  return new Listing({
    load,
    textOf: (row) => (row.kind === "fact" ? row.label : ""),
    changed: () => node.repository.browser.changed(node),
  });

  async function* load(signal: AbortSignal): AsyncGenerator<readonly BrowseRow[]> {
    const { browser, path } = node.repository;
    const { client } = await browser.open();
    const manifest = await client.manifest(path, reference, signal);
    if (signal.aborted) return;
    node.manifest = manifest;
    const config = manifest.kind === "image" ? await client.imageConfig(path, manifest, signal) : undefined;
    const rows = [...manifestRows(node.id, manifest, config), ...imagesIn(manifest)];
    yield rows;
    try {
      for await (const referrers of client.referrers(path, manifest.digest, signal))
        yield [...rows, ...referrers.entries.map(attached), ...restRows(referrers)];
    } catch (error) {
      // The image itself is shown, whatever is wrong with what is attached to it.
      if (!signal.aborted) yield [...rows, unlistedRow(messageOf(error))];
    }
  }

  function imagesIn(manifest: Manifest): ImageNode[] {
    if (manifest.kind !== "index") return [];
    const platforms = new Map(manifest.entries.map(({ digest, platform }) => [digest, platform]));
    return manifest.entries.map(
      (entry, at) => new ImageNode(node, entry, String(at), entry.describes && platforms.get(entry.describes)),
    );
  }

  function attached(entry: IndexEntry, at: number): ImageNode {
    const id = `attached/${at}`;
    const known = attachedNodes.get(entry.digest) ?? new ImageNode(node, { ...entry, isAttached: true }, id);
    attachedNodes.set(entry.digest, known);
    return known;
  }
}
