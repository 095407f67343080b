import * as vscode from "vscode";
import type { Flavor } from "../../core/contracts/flavor";
import type { FlavorRegistry } from "../../core/flavors/flavorRegistry";
import type { FlavorSource } from "../../core/flavors/flavorSource";
import { ImageBuilderError } from "../../core/base/errors";
import type { Log } from "../../core/base/log";
import type { FlavorRecord, Memory } from "../platform/memory";
import type { OfferedFlavor } from "./offeredFlavor";

/** Flavors from modules of the workspace. They are remembered in this workspace and loaded again on use. */
export class SourceFlavors {
  readonly #loaded = new Map<string, { readonly flavor: Flavor; readonly remove: () => void }>();

  constructor(
    private readonly memory: Memory,
    private readonly log: Log,
  ) {}

  get list(): readonly FlavorRecord[] {
    return this.memory.flavorSources();
  }

  /** Returns the remembered flavors, to be loaded on use. */
  offers(): OfferedFlavor[] {
    return this.list.map((record) => ({
      ...record,
      loadKey: `module ${keyOf(record)}`,
      from: `"${record.source}"`,
      load: async (flavors) => void (await this.#load(record, flavors)),
    }));
  }

  /**
   * Loads a flavor and remembers it for this workspace. It replaces the previous flavor of the same source.
   *
   * @throws ImageBuilderError `workspaceUntrusted`, or `flavorInvalid` with the reason
   */
  async register(place: Pick<FlavorSource, "source" | "type" | "root">, flavors: FlavorRegistry): Promise<Flavor> {
    const flavor = await this.#load(place, flavors);
    const { source, type, root } = place;
    await this.memory.keepFlavorSources([
      ...this.list.filter((each) => !isSame(each, place)),
      { name: flavor.name, type, source, root },
    ]);
    return flavor;
  }

  async remove(record: FlavorRecord): Promise<void> {
    this.#loaded.get(keyOf(record))?.remove();
    this.#loaded.delete(keyOf(record));
    await this.memory.keepFlavorSources(this.list.filter((each) => !isSame(each, record)));
  }

  async #load(place: Pick<FlavorSource, "source" | "type" | "root">, flavors: FlavorRegistry): Promise<Flavor> {
    refuseUntrusted(place.source);
    const { loadFlavorSource } = await import("../../core/flavors/flavorSource");
    const flavor = await loadFlavorSource({ ...place, log: this.log });
    const old = this.#loaded.get(keyOf(place));
    old?.remove();
    try {
      this.#loaded.set(keyOf(place), { flavor, remove: flavors.register(flavor) });
    } catch (error) {
      // The new name may be taken by another flavor; the module's previous flavor is then kept.
      if (old) this.#loaded.set(keyOf(place), { ...old, remove: flavors.register(old.flavor) });
      throw error;
    }
    return flavor;
  }
}

/** Throws `workspaceUntrusted` in an untrusted workspace: a module runs with all permissions of this process. */
function refuseUntrusted(source: string): void {
  if (vscode.workspace.isTrusted) return;
  throw new ImageBuilderError(
    "workspaceUntrusted",
    vscode.l10n.t(
      'A flavor from "{0}" runs code from there, so it requires a trusted workspace. Trust the workspace first.',
      source,
    ),
  );
}

type Place = Pick<FlavorRecord, "source" | "type" | "root">;

function isSame(one: Place, other: Place): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf({ source, type, root = "" }: Place): string {
  return `${type} ${root} ${source}`;
}
