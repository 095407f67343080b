import * as vscode from "vscode";
import type { ComponentType } from "../../core/base/component";
import { ImageBuilderError, messageOf } from "../../core/base/errors";
import type { FlavorMaker, GivenFlavor } from "../../core/flavors/givenFlavor";
import type { FlavorRegistry } from "../../core/flavors/flavorRegistry";
import { componentSettings } from "../settings/componentSettings";
import { contributedFlavors } from "./contributedFlavors";
import type { OfferedFlavor } from "./offeredFlavor";
import type { SourceFlavors } from "./sourceFlavors";

/** How long an extension may take to bring its flavors; one that never comes must not keep the others away. */
const patienceMs = 10_000;

/** Flavors that do not come with this extension: of other extensions, by call or by promise, and of files. */
export class CustomFlavors {
  /** What is being registered by call. */
  readonly #registering = new Set<Promise<unknown>>();
  /** What was loaded since the last `forget`, by `loadKey`. */
  #loading = new Map<string, Promise<void>>();

  constructor(
    readonly sources: SourceFlavors,
    private readonly registry: () => Promise<FlavorRegistry>,
  ) {}

  /**
   * Registers what another extension gives. The call returns before the core is loaded, so a refusal goes to `refused`.
   *
   * @returns takes it away again
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
        // A flavor that was refused has nothing to remove; that was told above.
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
   * Loads what brings the flavors that components of the settings use, or all there are; why one cannot be had is told
   * to who asks for it.
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

  /** Tries what could not be loaded once more when it is used next. */
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
