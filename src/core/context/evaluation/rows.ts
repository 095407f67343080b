import type { PathSet } from "./pathSet";

/** After how many words of a set a step ends. */
const stepSize = 64;

/** The lines that match each path by itself: a row number for each path, and for each row number the lines, ascending. */
export interface Rows {
  readonly byPath: Uint32Array;
  readonly rows: readonly (readonly number[])[];
}

/** Turns the paths that each line matches into the lines by path; row 0 has none. */
export function* rowsOf(idLimit: number, pathsByLine: readonly (PathSet | undefined)[]): Generator<undefined, Rows> {
  const byPath = new Uint32Array(idLimit);
  const rows: number[][] = [[]];
  for (const [index, paths] of pathsByLine.entries()) {
    if (!paths) continue;
    const longer = new Map<number, number>();
    const addLine = (id: number): void => {
      const row = byPath[id] ?? 0;
      let next = longer.get(row);
      if (next === undefined) {
        next = rows.push([...(rows[row] ?? []), index]) - 1;
        longer.set(row, next);
      }
      byPath[id] = next;
    };
    for (let from = 0; from < paths.wordCount; from += stepSize) {
      paths.forEachIn(from, Math.min(from + stepSize, paths.wordCount), addLine);
      yield;
    }
  }
  return { byPath, rows };
}
