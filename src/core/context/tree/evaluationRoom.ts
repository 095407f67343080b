import { ImageBuilderError } from "../../base/errors";

/** How many answers of a line about a path an evaluation asks for at most, in all; each takes a bit. */
const mostAnswers = 1_000_000_000;
/** How many numbers an evaluation notes at most of which lines count for which paths. */
const mostNotes = 5_000_000;

/**
 * Bounds what one evaluation takes: hostile files have many lines that match the same paths, or the same lines in every
 * order.
 */
export class EvaluationRoom {
  #left = mostNotes;

  /** @throws ImageBuilderError `dockerignoreInvalid` when more is noted than one evaluation may */
  take(notes: number): void {
    this.#left -= notes;
    if (this.#left < 0) throw tooMuch();
  }
}

/** @throws ImageBuilderError `dockerignoreInvalid` for more lines than can be tried on so many paths */
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
