import type { EvaluationRoom } from "./evaluationRoom";
import type { PathSet } from "./pathSet";

/** After how many words of a set a step ends. */
const stepSize = 64;
/** After how many rows a step ends. */
const rowStep = 256;

/**
 * The lines that match each path by itself: a row number for each path, and for each row number the lines, ascending.
 */
export interface Rows {
  readonly byPath: Uint32Array;
  readonly rows: readonly (readonly number[])[];
}

/**
 * Turns the paths that each line matches into the lines by path; row 0 has none.
 *
 * @throws ImageBuilderError `dockerignoreInvalid` when that does not fit into the room
 */
export function* rowsOf(
  idLimit: number,
  pathsByLine: readonly (PathSet | undefined)[],
  room: EvaluationRoom,
): Generator<undefined, Rows> {
  const byPath = new Uint32Array(idLimit);
  // A row is its last line and the row of those before, so that rows which begin alike share what they have.
  const shorter = [0];
  const lastLines = [0];
  for (const [index, paths] of pathsByLine.entries()) {
    if (!paths) continue;
    const longer = new Map<number, number>();
    const addLine = (id: number): void => {
      const row = byPath[id] ?? 0;
      let next = longer.get(row);
      if (next === undefined) {
        room.take(1);
        next = shorter.push(row) - 1;
        lastLines.push(index);
        longer.set(row, next);
      }
      byPath[id] = next;
    };
    for (let from = 0; from < paths.wordCount; from += stepSize) {
      paths.forEachIn(from, Math.min(from + stepSize, paths.wordCount), addLine);
      yield;
    }
  }
  return { byPath, rows: yield* numbered(byPath, shorter, lastLines, room) };
}

/** Numbers the rows that paths have in the end, in their place, and writes their lines out. */
function* numbered(
  byPath: Uint32Array,
  shorter: readonly number[],
  lastLines: readonly number[],
  room: EvaluationRoom,
): Generator<undefined, readonly (readonly number[])[]> {
  const rows: number[][] = [[]];
  const numbers = new Map([[0, 0]]);
  for (let id = 0; id < byPath.length; id++) {
    const node = byPath[id] ?? 0;
    let number = numbers.get(node);
    if (number === undefined) {
      const lines: number[] = [];
      for (let at = node; at !== 0; at = shorter[at] ?? 0) lines.push(lastLines[at] ?? 0);
      room.take(lines.length);
      number = rows.push(lines.reverse()) - 1;
      numbers.set(node, number);
      if (number % rowStep === 0) yield;
    }
    byPath[id] = number;
  }
  return rows;
}
