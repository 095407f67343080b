import type { TextEdit } from "../../context/lint/state/textEdits";
import type { TextRange } from "../../base/textRange";

/** What kind of thing is wrong in a spec file; stable across versions. */
export type SpecProblemCode =
  | "alias-cycle"
  | "argument-invalid"
  | "credential-in-image"
  | "duplicate-key"
  | "file-missing"
  | "key-missing"
  | "key-unknown"
  | "not-one-key"
  | "package-invalid"
  | "ref-name-unknown"
  | "secret-unknown"
  | "setting-invalid"
  | "syntax"
  | "too-large"
  | "type-wrong"
  | "value-unknown"
  | "variable-literal";

/** One thing that is wrong in a spec file. */
export interface SpecProblem {
  readonly code: SpecProblemCode;
  /** An error keeps the image from being built; a warning may be mended elsewhere before. */
  readonly severity: "error" | "warning";
  readonly range: TextRange;
  /** A whole sentence with the remedy. */
  readonly message: string;
  /** The best first. */
  readonly fixes: readonly SpecFix[];
}

/** A change of the file that mends a problem; nothing but the places it names is touched. */
export interface SpecFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** Makes an error. */
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

/** A fix that writes something in a range's place. */
export function replacing(title: string, range: TextRange, newText: string): SpecFix {
  return { title, edits: [{ range, newText }] };
}
