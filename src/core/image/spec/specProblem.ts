import type { TextEdit } from "../../context/lint/state/textEdits";
import type { TextRange } from "../../base/textRange";
import type { OutsideUse } from "../files/outsideError";

/** Kind of problem in an image spec; stable across versions. */
export type SpecProblemCode =
  | "alias-cycle"
  | "argument-invalid"
  | "credential-in-image"
  | "duplicate-key"
  | "file-missing"
  | "key-missing"
  | "key-unknown"
  | "not-one-key"
  | "outside-workspace"
  | "package-invalid"
  | "python-mismatch"
  | "ref-name-unknown"
  | "secret-unknown"
  | "setting-invalid"
  | "syntax"
  | "too-large"
  | "type-wrong"
  | "value-unknown"
  | "variable-literal";

/** Problem in an image spec. */
export interface SpecProblem {
  readonly code: SpecProblemCode;
  /** An error prevents building the image; the cause of a warning may still be fixed elsewhere. */
  readonly severity: "error" | "warning";
  readonly range: TextRange;
  /** Complete sentence with the remedy. */
  readonly message: string;
  /** Fixes, the best first. */
  readonly fixes: readonly SpecFix[];
  /** Files outside the workspace that the person may allow. */
  readonly outside?: readonly OutsideUse[];
}

/** Change of the file that fixes a problem; everything outside its edits stays the same. */
export interface SpecFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** Creates an error. */
export function specError(
  code: SpecProblemCode,
  range: TextRange,
  message: string,
  fixes: readonly SpecFix[] = [],
): SpecProblem {
  return { code, severity: "error", range, message, fixes };
}

/** Makes a warning. */
export function specWarning(
  code: SpecProblemCode,
  range: TextRange,
  message: string,
  fixes: readonly SpecFix[] = [],
): SpecProblem {
  return { code, severity: "warning", range, message, fixes };
}

/** Creates a fix that replaces a range. */
export function replacing(title: string, range: TextRange, newText: string): SpecFix {
  return { title, edits: [{ range, newText }] };
}
