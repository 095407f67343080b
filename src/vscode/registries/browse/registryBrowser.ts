import type { Component } from "../../../core/base/component";
import { ImageBuilderError } from "../../../core/base/errors";
import { parseImageReference, qualifyImageName } from "../../../core/base/imageReference";
import type { CoreAccess } from "../../access/coreAccess";
import { RepositoriesNode, RepositoryNode, type BrowsedRegistry, type BrowseNode } from "./browseNodes";
import type { OpenRegistry } from "./openRegistry";
import type { KnownRepositories } from "./knownRepositories";

/** Dependencies of a registry browser. */
export interface BrowserParts {
  readonly core: CoreAccess;
  readonly known: KnownRepositories;
  /** Called when a row has changed. */
  readonly changed: (node: BrowseNode) => void;
}

/** Browser of one registry. Its repositories and their contents are requested independently. */
export class RegistryBrowser implements BrowsedRegistry {
  readonly root: RepositoriesNode;
  readonly #nodes = new Map<string, RepositoryNode>();
  #opened: Promise<OpenRegistry> | undefined;
  #host = "";
  #listsRepositories = true;

  constructor(
    readonly component: Component,
    private readonly parts: BrowserParts,
  ) {
    this.root = new RepositoriesNode(this);
  }

  /** Host with its port; empty until the registry was opened. */
  get host(): string {
    return this.#host;
  }

  /** Whether the registry lists its repositories, as far as is known. */
  get listsRepositories(): boolean {
    return this.#listsRepositories;
  }

  /** Opens the registry with its current credentials. */
  open(): Promise<OpenRegistry> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  /**
   * Makes the next request look for credentials again, because the previous ones may have expired or been corrected.
   */
  close(): void {
    this.#opened = undefined;
  }

  changed(node: BrowseNode): void {
    // The client also caches failures to sign in, so a new one is used after an error.
    if (node.listing.state.kind === "failed") this.close();
    this.parts.changed(node);
  }

  async *repositories(signal: AbortSignal): AsyncGenerator<readonly RepositoryNode[]> {
    const { client, owns, defaultPath } = await this.open();
    const paths = new Set(
      [...this.parts.known.list(client.host), ...(defaultPath === undefined ? [] : [defaultPath])].filter(owns),
    );
    const nodes = (): RepositoryNode[] =>
      [...paths].sort((one, other) => one.localeCompare(other)).map((path) => this.repository(path));
    yield nodes();
    try {
      for await (const page of client.repositories({ pageSize: 1000, signal })) {
        for (const path of page) paths.add(path);
        yield nodes();
      }
      this.#listsRepositories = true;
    } catch (error) {
      if (!ImageBuilderError.is(error, "registryUnsupported")) throw error;
      this.#listsRepositories = false;
    }
  }

  /** Returns the same node for the same path, so that expanded rows stay expanded. */
  repository(path: string): RepositoryNode {
    const node = this.#nodes.get(path) ?? new RepositoryNode(this, path);
    this.#nodes.set(path, node);
    return node;
  }

  /** Remembers a repository that the person entered, and shows it. */
  async add(path: string): Promise<RepositoryNode> {
    const { client } = await this.open();
    await this.parts.known.add(client.host, path);
    this.root.listing.forget();
    return this.repository(path);
  }

  isKnown(path: string): boolean {
    return this.parts.known.list(this.#host).includes(path);
  }

  async forget(path: string): Promise<void> {
    await this.parts.known.forget(this.#host, path);
    this.root.listing.forget();
  }

  /** Refreshes the rows that were loaded before a push. */
  pushed(path: string): void {
    const { listing } = this.root;
    if (listing.state.kind === "done" && !listing.rows.some((row) => row.path === path)) listing.forget();
    const tags = this.#nodes.get(path)?.listing;
    if (tags && tags.state.kind !== "idle") tags.forget();
  }

  /** Cancels all pending requests. */
  stop(): void {
    for (const { listing } of [this.root, ...this.#nodes.values()]) listing.cancel();
  }

  async #open(): Promise<OpenRegistry> {
    const [registry, { RegistryClient }] = await Promise.all([
      this.parts.core.implementation("container_registry", this.component.name, "quiet"),
      import("../../../core/distribution/registryClient"),
    ]);
    const place = registry.place();
    this.#host = place.host;
    const { uri, defaultRepository } = registry.config;
    const defaultPath =
      defaultRepository === undefined ? undefined : parseImageReference(qualifyImageName(defaultRepository, uri)).path;
    return { registry, client: new RegistryClient(place), owns: place.owns ?? (() => true), defaultPath };
  }
}
