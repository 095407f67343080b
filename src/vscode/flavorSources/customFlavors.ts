import * as vscode from "vscode";
import type { ComponentType } from "../../core/base/component";
import { ImageBuilderError, messageOf } from "../../core/base/errors";
import type { FlavorMaker, GivenFlavor } from "../../core/flavors/givenFlavor";
import type { FlavorRegistry } from "../../core/flavors/flavorRegistry";
import { componentSettings } from "../settings/componentSettings";
import { contributedFlavors } from "./contributedFlavors";
import type { OfferedFlavor } from "./offeredFlavor";
import type { SourceFlavors } from "./sourceFlavors";

/**
 * Time in milliseconds in which an extension must provide its flavors. A slow one must not delay the others
 * indefinitely.
 */
const patienceMs = 10_000;

/**
 * Flavors that are not part of this extension: registered by other extensions through the API, contributed in their
 * package.json, or loaded from modules.
 */
export class CustomFlavors {
  /** Registrations through the API that are in progress. */
  readonly #registering = new Set<Promise<unknown>>();
  /** Flavors that were loaded since the last `forget`, by `loadKey`. */
  #loading = new Map<string, Promise<void>>();

  constructor(
    readonly sources: SourceFlavors,
    private readonly registry: () => Promise<FlavorRegistry>,
  ) {}

  /**
   * Registers another extension's flavor. Returns before the core is loaded, so errors are passed to `refused`.
   *
   * @returns disposable that removes the flavor
   */
  register(
    type: ComponentType,
    given: GivenFlavor | FlavorMaker,
    changed: () => void,
    refused: (error: unknown) => void,
  ): vscode.Disposable {
    const removal = this.#register(type, given);
    this.#registering.add(removal);
    removal.then(changed, refused).finally(() => this.#registering.delete(removal));
    return {
      dispose: () => {
        // A rejected flavor has nothing to remove; its error was passed to `refused`.
        removal.then(
          (remove) => {
            remove();
            changed();
          },
          () => undefined,
        );
      },
    };
  }

  /**
   * Loads the flavors that components in the settings use, or all of them. If one can't be loaded, the registry keeps
   * the error and throws it on use.
   */
  async load(flavors: FlavorRegistry, wanted: "used" | "all"): Promise<void> {
    await Promise.allSettled(this.#registering);
    const used = new Set(
      componentTypes.flatMap((type) => componentSettings(type).components.map(({ flavor }) => `${type} ${flavor}`)),
    );
    const offers = [...contributedFlavors(), ...this.sources.offers()].filter(
      ({ type, name }) => !flavors.has(type, name) && (wanted === "all" || used.has(`${type} ${name}`)),
    );
    await Promise.all(offers.map((offer) => this.#loadOnce(offer, flavors)));
  }

  /** Lets flavors that could not be loaded be tried again on their next use. */
  forget(): void {
    this.#loading = new Map();
  }

  async #register(type: ComponentType, given: GivenFlavor | FlavorMaker): Promise<() => void> {
    const [flavors, { flavorOf }] = await Promise.all([this.registry(), import("../../core/flavors/givenFlavor")]);
    return flavors.register(await flavorOf(given, "an extension", type));
  }

  async #loadOnce(offer: OfferedFlavor, flavors: FlavorRegistry): Promise<void> {
    const { type, name, from, loadKey } = offer;
    const known = this.#loading.get(loadKey);
    const loading = known ?? withinTime(offer.load(flavors).then(() => Promise.allSettled(this.#registering)));
    if (!known) this.#loading.set(loadKey, loading);
    const failure: unknown = await loading.then(
      () => new ImageBuilderError("flavorUnknown", vscode.l10n.t("it isn't registered there.")),
      (error: unknown) => error,
    );
    if (flavors.has(type, name)) return;
    const code = ImageBuilderError.is(failure) ? failure.code : "flavorUnknown";
    flavors.refuse(
      type,
      name,
      new ImageBuilderError(
        code,
        vscode.l10n.t('Can\'t load the flavor "{0}" from {1}: {2}', name, from, messageOf(failure)),
        { cause: failure },
      ),
    );
  }
}

const componentTypes: readonly ComponentType[] = ["image_builder", "container_registry"];

async function withinTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new ImageBuilderError("flavorUnknown", vscode.l10n.t("loading took longer than {0} s.", patienceMs / 1000)),
        ),
      patienceMs,
    );
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
