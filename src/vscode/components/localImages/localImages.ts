import * as vscode from "vscode";
import type { LocalImage } from "../../../core/engine/daemonImages";
import type { EngineClient } from "../../../core/engine/engineClient";
import { ImageBuilderError } from "../../../core/base/errors";
import type { CoreAccess, WithCore } from "../../access/coreAccess";
import { onDidChangeSettings } from "../../platform/settings";
import type { LocalImageNode } from "./localImageNodes";

/** Images of the local daemon, as far as they are known. */
export type ListedImages =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "listed"; readonly images: readonly LocalImage[]; readonly address: string };

/**
 * List of the images that the local daemon has. The daemon is asked only when the list is shown, again after a change,
 * and only if it may be contacted.
 */
export class LocalImages implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when the list is to be shown again. */
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;
  #listed: ListedImages = { kind: "loading" };
  /** Latest request; undefined if none was made, or if the list may have changed since. */
  #request: AbortController | undefined;

  /** @param changes fires when the images may have changed */
  constructor(
    private readonly core: CoreAccess,
    changes: vscode.Event<void>,
  ) {
    this.#subscriptions = vscode.Disposable.from(
      changes(() => this.refresh()),
      // The daemon may be another one.
      onDidChangeSettings(() => this.forget()),
    );
  }

  /** The list as it is known, without a request. */
  get known(): ListedImages {
    return this.#listed;
  }

  /** Returns the list, and requests it if necessary. Until a new one arrives, the earlier one is returned. */
  get(): ListedImages {
    if (!this.#request) void this.#ask();
    return this.#listed;
  }

  /** Marks the list as outdated. It is requested again when it is shown. */
  refresh(): void {
    if (!this.#request) return;
    this.#request.abort();
    this.#request = undefined;
    this.#changed.fire();
  }

  /** Drops the list, and cancels a request for it. */
  forget(): void {
    this.#listed = { kind: "loading" };
    this.refresh();
  }

  dispose(): void {
    this.#request?.abort();
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }

  async #ask(): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    const listed = await this.#list(request.signal).catch((error: unknown) => ({ kind: "failed", error }) as const);
    if (this.#request !== request) return;
    this.#listed = listed;
    this.#changed.fire();
  }

  async #list(signal: AbortSignal): Promise<ListedImages> {
    const { services } = await this.core.get("quiet");
    const client = await services.engine.client();
    return { kind: "listed", images: await client.images.list(signal), address: client.endpoint.address };
  }
}

/**
 * Returns the client of the daemon that has the image of a row.
 *
 * @throws ImageBuilderError `optionInvalid` if another daemon is in use meanwhile; errors of connecting
 */
export async function daemonOf({ core }: WithCore, { image, address }: LocalImageNode): Promise<EngineClient> {
  const { services } = await core.get();
  const client = await services.engine.client();
  if (client.endpoint.address === address) return client;
  throw new ImageBuilderError(
    "optionInvalid",
    vscode.l10n.t(
      '"{0}" is an image of the Docker daemon at {1}, but builds now use {2}. Refresh the Builders view.',
      image.name,
      address,
      client.endpoint.address,
    ),
  );
}

/** Gives access to the extension's `LocalImages`. */
export interface WithLocalImages {
  readonly localImages: LocalImages;
}
