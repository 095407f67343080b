import type { BuildWarning } from "../../core/operation/progressEvent";
import { ImageBuilderError } from "../../core/base/errors";
import type { BuildProblem } from "./buildDiagnostics";

/** Returns what a failed build says of a place; nothing where it names none. */
export function problemOfError(error: unknown): BuildProblem[] {
  if (!ImageBuilderError.is(error) || !error.location) return [];
  return [{ message: error.message, location: error.location, severity: "error", code: error.code }];
}

/** Returns what a builder's warning says of a place; nothing where it names none. */
export function problemOfWarning({ message, detail, url, location }: BuildWarning): BuildProblem[] {
  if (!location) return [];
  const text = detail === undefined ? message : `${message}\n${detail}`;
  // BuildKit's checks put their name in front.
  const [, code] = /^([A-Za-z]{1,60}): /.exec(message) ?? [];
  return [{ message: text, location, severity: "warning", code, url }];
}
