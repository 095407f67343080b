import type { Timestamp } from "../../transport/proto/google/protobuf/timestamp.pb";
import type { Range } from "../../transport/proto/ops.pb";

/** Range of lines as BuildKit reports it; lines count from 1, and `endLine` may be 0. */
export interface SourceRange {
  line: number;
  endLine: number;
}

/** Converts BuildKit's ranges; their columns are not used. */
export function linesOf(ranges: readonly Range[]): SourceRange[] {
  return ranges.map(({ start, end }) => ({ line: start?.line ?? 0, endLine: end?.line ?? 0 }));
}

/** Converts a time to milliseconds since 1970. */
export function timeOf(timestamp: Timestamp | undefined): number | undefined {
  return timestamp && Number(timestamp.seconds) * 1000 + timestamp.nanos / 1e6;
}
