/** Range of a text; lines and columns count from 1, columns in UTF-16 units, and the end is exclusive. */
export interface TextRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}
