import type { ComponentType } from "../base/component";
import { ImageBuilderError } from "../base/errors";
import { builtinFlavors } from "./builtinFlavors";
import { checkFlavor, typeWords } from "../contracts/checkFlavor";
import type { Flavor } from "../contracts/flavor";

/** Knows every flavor by type and name: the built-in ones and those that other extensions add. */
export class FlavorRegistry {
  readonly #flavors = new Map<string, Flavor>();
  /** Why flavors that something promises are not there. */
  readonly #refusals = new Map<string, ImageBuilderError>();

  constructor(flavors: readonly Flavor[] = builtinFlavors) {
    for (const flavor of flavors) this.#flavors.set(keyOf(flavor.type, flavor.name), flavor);
  }

  /**
   * Adds a flavor.
   *
   * @returns a function that takes it away again
   * @throws ImageBuilderError `flavorInvalid` when it is none, or the type has a flavor of that name already
   */
  register(flavor: Flavor): () => void {
    checkFlavor(flavor, "an extension");
    const key = keyOf(flavor.type, flavor.name);
    if (this.#flavors.has(key)) {
      throw new ImageBuilderError(
        "flavorInvalid",
        `The ${typeWords[flavor.type]} flavor "${flavor.name}" already exists. Choose another name.`,
      );
    }
    this.#flavors.set(key, flavor);
    this.#refusals.delete(key);
    return () => {
      if (this.#flavors.get(key) === flavor) this.#flavors.delete(key);
    };
  }

  has(type: ComponentType, name: string): boolean {
    return this.#flavors.has(keyOf(type, name));
  }

  /** Remembers why a flavor that an extension or a file promises is not there, for whoever asks for it. */
  refuse(type: ComponentType, name: string, why: ImageBuilderError): void {
    this.#refusals.set(keyOf(type, name), why);
  }

  /** @throws ImageBuilderError `flavorUnknown`, naming those that exist; what it was refused with */
  get<Type extends ComponentType>(type: Type, name: string): Flavor<Type> {
    const flavor = this.#flavors.get(keyOf(type, name));
    const refusal = this.#refusals.get(keyOf(type, name));
    if (!flavor && refusal) throw refusal;
    if (!flavor) {
      const known = this.list(type).map((each) => each.name);
      throw new ImageBuilderError(
        "flavorUnknown",
        `There is no ${typeWords[type]} flavor named "${name}". Known flavors: ${known.join(", ")}.`,
      );
    }
    return flavor as Flavor<Type>;
  }

  /** The flavors of one type, in the order in which they were registered. */
  list<Type extends ComponentType>(type: Type): Flavor<Type>[] {
    return [...this.#flavors.values()].filter((flavor): flavor is Flavor<Type> => flavor.type === type);
  }
}

function keyOf(type: ComponentType, name: string): string {
  return `${type}/${name}`;
}
