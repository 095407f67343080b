import { applyEdits } from "../../../src/core/context/lint/state/textEdits";
import type { SpecProblem } from "../../../src/core/image/spec/specProblem";

/** A spec with a mistake, and what is said of it. */
export interface Case {
  /** What is wrong is between « and », which the file does not hold. */
  readonly marked: string;
  readonly code: SpecProblem["code"];
  readonly message: RegExp;
  /** The file after its first fix. */
  readonly fixed?: string;
  readonly file?: string;
}

/** The beginning of a spec, to which layers are added. */
export const head = "from: {base: busybox}\nclone: {name: app}\nlayers:\n";

/** A mistake in YAML. */
export const yaml = (marked: string, code: Case["code"], message: RegExp, fixed?: string): Case => ({
  marked,
  code,
  message,
  fixed,
});

/** A mistake in a layer. */
export const layer = (marked: string, code: Case["code"], message: RegExp, fixed?: string): Case =>
  yaml(
    `${head}  # kept\n  - ${marked} # kept`,
    code,
    message,
    fixed === undefined ? undefined : `${head}  # kept\n  - ${fixed} # kept`,
  );

/** The text with its problem's place marked. */
export function markedIn(text: string, { range: { line, column, endLine, endColumn } }: SpecProblem): string {
  const at = (atLine: number, atColumn: number, newText: string) => ({
    range: { line: atLine, column: atColumn, endLine: atLine, endColumn: atColumn },
    newText,
  });
  const isEmpty = line === endLine && column === endColumn;
  return applyEdits(text, isEmpty ? [at(line, column, "«»")] : [at(line, column, "«"), at(endLine, endColumn, "»")]);
}
