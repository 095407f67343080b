import type { BuildWarning } from "../../core/operation/progressEvent";
import { ImageBuilderError } from "../../core/base/errors";
import type { BuildProblem } from "./buildDiagnostics";

/** Returns the problem that a failed build reports at a location; empty if the error has no location. */
export function problemOfError(error: unknown): BuildProblem[] {
  if (!ImageBuilderError.is(error) || !error.location) return [];
  return [{ message: error.message, location: error.location, severity: "error", code: error.code }];
}

/** Returns the problem that a builder's warning reports at a location; empty if the warning has no location. */
export function problemOfWarning({ message, detail, url, location }: BuildWarning): BuildProblem[] {
  if (!location) return [];
  const text = detail === undefined ? message : `${message}\n${detail}`;
  // BuildKit's warnings begin with the name of the check.
  const [, code] = /^([A-Za-z]{1,60}): /.exec(message) ?? [];
  return [{ message: text, location, severity: "warning", code, url }];
}
