import type { ZodType } from "zod";
import { ImageBuilderError, type ErrorCode } from "../base/errors";
import { parseJson, type JsonLimits } from "./parseJson";

/** Expected form of a response, and how to report a different one. */
export interface Border<Result> {
  /** Loose schema, which accepts unknown fields. */
  readonly schema: ZodType<Result>;
  /** Subject of the error message: the sender, such as `The Docker daemon` or a host. */
  readonly who: string;
  /** Completes "did not return a valid", such as `list of tags`. */
  readonly what: string;
  readonly code: ErrorCode;
  /** Remedy without a period; default is to check the address. */
  readonly remedy?: string;
  readonly limits?: JsonLimits;
}

/**
 * Parses and checks foreign JSON text. Errors never quote it, because it may contain a secret.
 *
 * @throws ImageBuilderError with the border's `code`: one sentence that names the sender
 */
export function readAnswer<Result>(text: string | Buffer, border: Border<Result>): Result {
  const value = parseJson(typeof text === "string" ? text : text.toString("utf8"), border.limits);
  if (value === undefined) throw malformed(border, "");
  return checkAnswer(value, border);
}

/**
 * Checks a value that is already parsed, as `readAnswer` does.
 *
 * @throws ImageBuilderError with the border's `code`
 */
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

/**
 * Returns the path of the invalid field for a message; empty if it is long or unusual, since the sender may have chosen
 * it.
 */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map(String).join(".");
  return place.length <= maxPlace && /^[\w.-]+$/.test(place) ? ` ("${place}" is invalid)` : "";
}

const maxPlace = 60;
