import { ImageBuilderError } from "../../base/errors";

/** Maximum number of combinations of a rule and a path in one evaluation; each takes one bit. */
const mostAnswers = 1_000_000_000;
/** Maximum number of values that one evaluation may record about which rules apply to which paths. */
const mostNotes = 5_000_000;

/**
 * Limits the memory of one evaluation: malicious files have many rules that match the same paths, or the same rules in
 * every order.
 */
export class EvaluationRoom {
  #left = mostNotes;

  /** Counts recorded values. @throws ImageBuilderError `dockerignoreInvalid` above the limit */
  take(notes: number): void {
    this.#left -= notes;
    if (this.#left < 0) throw tooMuch();
  }
}

/**
 * Checks that the rules can be tried on the paths. @throws ImageBuilderError `dockerignoreInvalid` if there are too
 * many
 */
export function checkRoom(lines: number, paths: number): void {
  if (lines * paths > mostAnswers) throw tooMuch();
}

function tooMuch(): ImageBuilderError {
  return new ImageBuilderError(
    "dockerignoreInvalid",
    "This ignore file has too many lines to show their effect on this folder. " +
      "Builders still read the whole file. Remove repeated lines.",
  );
}
