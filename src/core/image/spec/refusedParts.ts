import type { Image } from "../image";
import type { SpecMethod } from "./specMethods";
import type { SpecPath } from "./specTree";

/** Which argument a method refuses, and which item of it, with what it says. */
export interface Refusal {
  readonly path: SpecPath;
  readonly error: unknown;
}

/**
 * The arguments that a method refuses by themselves, each tried among others that are harmless: so the rules stay where the
 * methods check them, and still every error has its exact place.
 *
 * @param image one that the method can be called on
 */
export function refusedParts<Args extends object>(method: SpecMethod<Args>, image: Image<true>, args: Args): Refusal[] {
  return Object.entries(args).flatMap(([name, value]: [string, unknown]) => {
    const errorWith = (tried: unknown): unknown => errorOf(() => method.apply(image, { ...method.harmless, [name]: tried }));
    const error = errorWith(value);
    if (error === undefined) return [];
    const parts = partsOf(value, name === method.main).map(([step, part]) => ({ path: [name, step], error: errorWith(part) }));
    const refused = parts.filter((part) => part.error !== undefined);
    return refused.length > 0 ? refused : [{ path: [name], error }];
  });
}

/** A list of one item each, and the variables of the one argument that is a map of many. */
function partsOf(value: unknown, isMain: boolean): (readonly [step: string | number, part: unknown])[] {
  if (Array.isArray(value)) return value.map((item: unknown, index) => [index, [item]]);
  if (!isMain || typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([name, each]: [string, unknown]) => [name, { [name]: each }]);
}

function errorOf(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}
