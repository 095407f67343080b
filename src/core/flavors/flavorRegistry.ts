import type { ComponentType } from "../base/component";
import { ImageBuilderError } from "../base/errors";
import { builtinFlavors } from "./builtinFlavors";
import { checkFlavor, typeWords } from "../contracts/checkFlavor";
import type { Flavor } from "../contracts/flavor";

/** All flavors by type and name: built-in ones and those of other extensions. */
export class FlavorRegistry {
  readonly #flavors = new Map<string, Flavor>();
  /** Reasons why promised flavors are not available. */
  readonly #refusals = new Map<string, ImageBuilderError>();

  constructor(flavors: readonly Flavor[] = builtinFlavors) {
    for (const flavor of flavors) this.#flavors.set(keyOf(flavor.type, flavor.name), flavor);
  }

  /**
   * Adds a flavor.
   *
   * @returns a function that removes it again
   * @throws ImageBuilderError `flavorInvalid` if it is not a flavor, or if the type already has a flavor with that name
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

  /** Stores why a flavor of an extension or a file is not available; `get` throws this error. */
  refuse(type: ComponentType, name: string, why: ImageBuilderError): void {
    this.#refusals.set(keyOf(type, name), why);
  }

  /**
   * Returns a flavor. @throws ImageBuilderError `flavorUnknown` with the existing flavors, or the error passed to
   * `refuse`
   */
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

  /** Lists the flavors of a type, in the order of their registration. */
  list<Type extends ComponentType>(type: Type): Flavor<Type>[] {
    return [...this.#flavors.values()].filter((flavor): flavor is Flavor<Type> => flavor.type === type);
  }
}

function keyOf(type: ComponentType, name: string): string {
  return `${type}/${name}`;
}
