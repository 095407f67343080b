import type { EvaluationRoom } from "./evaluationRoom";
import type { PathSet } from "./pathSet";

/** Number of words of a set per step. */
const stepSize = 64;
/** Number of rows per step. */
const rowStep = 256;

/** Rules that match each path directly: a row number per path, and the rules' indexes per row in ascending order. */
export interface Rows {
  readonly byPath: Uint32Array;
  readonly rows: readonly (readonly number[])[];
}

/**
 * Converts the paths per rule to the rules per path; row 0 has no rules.
 *
 * @throws ImageBuilderError `dockerignoreInvalid` if the rows exceed the room
 */
export function* rowsOf(
  idLimit: number,
  pathsByLine: readonly (PathSet | undefined)[],
  room: EvaluationRoom,
): Generator<undefined, Rows> {
  const byPath = new Uint32Array(idLimit);
  // A row consists of its last rule and the row of the rules before, so rows with the same beginning share it.
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

/** Renumbers in place the rows that paths finally have, and lists their rules. */
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
