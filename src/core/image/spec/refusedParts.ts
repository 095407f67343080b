import { messageOf } from "../../base/errors";
import type { Image } from "../image";
import type { SpecMethod } from "./specMethods";
import type { SpecPath } from "./specTree";

/** Which argument a method refuses, and which item of it, with what it says. */
export interface Refusal {
  readonly path: SpecPath;
  readonly error: unknown;
  /** Whether it is the part's name that is refused, and not what it holds. */
  readonly isName: boolean;
}

/** What a method says of an argument when it gets this in its place; nothing if it takes it. */
type Attempt = (value: unknown) => unknown;

/**
 * The arguments that a method refuses by themselves, each tried among others that are harmless: so the rules stay where
 * the methods check them, and still every error has its exact place.
 *
 * @param image one that the method can be called on
 */
export function refusedParts<Args extends object>(method: SpecMethod<Args>, image: Image<true>, args: Args): Refusal[] {
  return Object.entries(args).flatMap(([name, value]: [string, unknown]) => {
    const attempt: Attempt = (tried) => errorOf(() => method.apply(image, { ...method.harmless, [name]: tried }));
    const error = attempt(value);
    if (error === undefined) return [];
    const refused =
      name === method.main && isMap(value) ? refusedVariables(value, attempt) : refusedWithin(value, attempt);
    // A part that says something else is refused for standing alone, as half of a version is.
    const isPart = refused.some((each) => messageOf(each.error) === messageOf(error));
    return isPart
      ? refused.map((each) => ({ ...each, path: [name, ...each.path] }))
      : [{ path: [name], error, isName: false }];
  });
}

/** Which items of a list are refused, and which fields of an object: those without which the rest is taken. */
function refusedWithin(value: unknown, attempt: Attempt): Refusal[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      const only: Attempt = (tried) => attempt([tried]);
      const error = only(item);
      if (error === undefined) return [];
      const refused = refusedWithin(item, only);
      return refused.length > 0
        ? refused.map((each) => ({ ...each, path: [index, ...each.path] }))
        : [{ path: [index], error, isName: false }];
    });
  }
  if (!isMap(value)) return [];
  const error = attempt(value);
  const isToBlame = (name: string): boolean =>
    attempt(Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))) === undefined;
  return error === undefined
    ? []
    : Object.keys(value)
        .filter(isToBlame)
        .map((name) => ({ path: [name], error, isName: false }));
}

/** Which variables of the one argument that is a map of many are refused, for their names or their values. */
function refusedVariables(variables: Readonly<Record<string, unknown>>, attempt: Attempt): Refusal[] {
  return Object.entries(variables).flatMap(([name, value]) => {
    const error = attempt({ [name]: value });
    return error === undefined ? [] : [{ path: [name], error, isName: attempt({ A: value }) === undefined }];
  });
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function errorOf(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}
