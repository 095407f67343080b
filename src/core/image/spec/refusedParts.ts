import { messageOf } from "../../base/errors";
import type { Image } from "../image";
import type { SpecMethod } from "./specMethods";
import type { SpecPath } from "./specNode";

/** Argument that a method refuses, or an item of it, with the error. */
export interface Refusal {
  readonly path: SpecPath;
  readonly error: unknown;
  /** Whether the part's name is refused, not its value. */
  readonly isName: boolean;
}

/** Calls a method with a value as one of its arguments; returns the error, or undefined if the value is accepted. */
type Attempt = (value: unknown) => unknown;

/**
 * Returns the arguments that a method refuses, each tried with harmless values for the others: the rules remain in the
 * methods, and every error has an exact position.
 *
 * @param image image on which the method can be called
 */
export function refusedParts<Args extends object>(method: SpecMethod<Args>, image: Image<true>, args: Args): Refusal[] {
  return Object.entries(args).flatMap(([name, value]: [string, unknown]) => {
    const attempt: Attempt = (tried) => errorOf(() => method.apply(image, { ...method.harmless, [name]: tried }));
    const error = attempt(value);
    if (error === undefined) return [];
    const refused =
      name === method.main && isMap(value) ? refusedVariables(value, attempt) : refusedWithin(value, attempt);
    // A part with another message is refused only because it is alone, such as half of a version.
    const isPart = refused.some((each) => messageOf(each.error) === messageOf(error));
    return isPart
      ? refused.map((each) => ({ ...each, path: [name, ...each.path] }))
      : [{ path: [name], error, isName: false }];
  });
}

/** Returns the refused items of a list, or the fields of an object without which the rest is accepted. */
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

/** Returns the refused entries of an argument that is a map of variables, for their names or their values. */
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
