import assert from "node:assert/strict";
import { formatBytes, formatDuration } from "../../../src/core/text/format";

describe("sizes", () => {
  const cases: readonly (readonly [sizeBytes: number, text: string])[] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [99_940, "99.9 kB"],
    [99_950, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [12_345_678, "12.3 MB"],
    [4_700_000_000, "4.7 GB"],
    [2e15, "2000 TB"],
  ];
  for (const [sizeBytes, text] of cases)
    it(`${sizeBytes} bytes are ${text}`, () => assert.equal(formatBytes(sizeBytes), text));
});

describe("durations", () => {
  const cases: readonly (readonly [durationMs: number, text: string])[] = [
    [0, "0.0s"],
    [84, "0.1s"],
    [59_949, "59.9s"],
    [59_950, "1m 00s"],
    [61_400, "1m 01s"],
    [3_599_400, "59m 59s"],
    [3_600_000, "1h 00m"],
    [7_320_000, "2h 02m"],
  ];
  for (const [durationMs, text] of cases)
    it(`${durationMs} ms are ${text}`, () => assert.equal(formatDuration(durationMs), text));
});
