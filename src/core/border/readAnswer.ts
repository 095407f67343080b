import type { ZodType } from "zod";
import { ImageBuilderError, type ErrorCode } from "../base/errors";
import { parseJson, type JsonLimits } from "./parseJson";

/** Says what is expected of an answer, and how to report another one. */
export interface Border<Result> {
  /** Loose: fields that are not known pass. */
  readonly schema: ZodType<Result>;
  /** Begins the sentence: who answered, such as `The Docker daemon` or a host. */
  readonly who: string;
  /** Follows on "something that is no": `list of tags`. */
  readonly what: string;
  readonly code: ErrorCode;
  /** What to do, without a full stop; default is to see whether the address is right. */
  readonly remedy?: string;
  readonly limits?: JsonLimits;
}

/**
 * Parses and checks a foreign JSON text. Errors never quote it, since it may hold a secret.
 *
 * @throws ImageBuilderError with the border's `code`: one sentence that names who answered wrongly
 */
export function readAnswer<Result>(text: string | Buffer, border: Border<Result>): Result {
  const value = parseJson(typeof text === "string" ? text : text.toString("utf8"), border.limits);
  if (value === undefined) throw malformed(border, "");
  return checkAnswer(value, border);
}

/** Checks a value that was parsed already, as `readAnswer` does. */
export function checkAnswer<Result>(value: unknown, border: Border<Result>): Result {
  const checked = border.schema.safeParse(value);
  if (checked.success) return checked.data;
  throw malformed(border, placeOf(checked.error.issues[0]?.path ?? []));
}

function malformed(
  { who, what, code, remedy = "check that the address is right" }: Border<unknown>,
  place: string,
): ImageBuilderError {
  return new ImageBuilderError(code, `${who} did not return a valid ${what}${place}: ${remedy}.`);
}

/** Names the wrong field, unless its name is the other side's own invention. */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map(String).join(".");
  return place.length <= maxPlace && /^[\w.-]+$/.test(place) ? ` ("${place}" is invalid)` : "";
}

const maxPlace = 60;
