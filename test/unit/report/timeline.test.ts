import assert from "node:assert/strict";
import type { BuildReport, ReportStep } from "../../../src/core/report/reportRecord";
import { timelineOf } from "../../../src/core/report/timeline";

type Times = readonly (readonly [from: number, to?: number])[];

function step(stage: string, times: Times, inputs: number[] = []): ReportStep {
  return {
    name: `[${stage} 1/1] RUN`,
    kind: stage === "" ? "internal" : "instruction",
    stage,
    spans: times.map(([from, to]) => ({ from, ...(to !== undefined && { to }) })),
    state: "done",
    transfers: [],
    bytes: 0,
    inputs,
  };
}

function report(durationMs: number, ...steps: readonly ReportStep[]): BuildReport {
  return { durationMs, isRunning: false, steps: [...steps], stepsLeftOut: 0, warnings: [] };
}

/** Lanes as texts: `stage: step from-to`. */
function lanes(of: BuildReport): string[] {
  return timelineOf(of).lanes.map(
    ({ stage, bars }) => `${stage}: ${bars.map(({ step: index, from, to }) => `${index} ${from}-${to}`).join(", ")}`,
  );
}

describe("the time axis of a build", () => {
  const cases: readonly (readonly [title: string, steps: readonly ReportStep[], expected: readonly string[]])[] = [
    ["has no lanes without steps", [], []],
    [
      "has one lane for steps that follow each other",
      [step("a", [[0, 10]]), step("a", [[10, 20]])],
      ["a: 0 0-10, 1 10-20"],
    ],
    [
      "has a lane for each of two steps of a stage that overlap, and uses a free one again",
      [step("a", [[0, 10]]), step("a", [[5, 30]]), step("a", [[10, 20]])],
      ["a: 0 0-10, 2 10-20", "a: 1 5-30"],
    ],
    [
      "keeps the lanes of a stage together, in the order in which stages begin",
      [step("b", [[4, 9]]), step("a", [[1, 9]]), step("b", [[5, 6]])],
      ["a: 1 1-9", "b: 0 4-9", "b: 2 5-6"],
    ],
    [
      "draws a step that ran twice as one bar",
      [
        step("a", [
          [20, 30],
          [0, 5],
        ]),
      ],
      ["a: 0 0-30"],
    ],
    ["ends a running step now", [step("a", [[40]])], ["a: 0 40-100"]],
    ["draws a step whose end is before its start, because clocks differ", [step("a", [[40, 30]])], ["a: 0 40-40"]],
    ["leaves out a step without times", [step("a", [])], []],
  ];
  for (const [title, steps, expected] of cases)
    it(title, () => assert.deepEqual(lanes(report(100, ...steps)), expected));

  it("counts times that overlap once, and not the pause between two starts", () => {
    const twice = step("a", [
      [0, 10],
      [5, 20],
      [50, 60],
    ]);
    const { slowest, lanes: drawn } = timelineOf(report(100, twice));
    assert.deepEqual(slowest, [{ step: 0, ranMs: 30 }]);
    assert.deepEqual(drawn[0]?.bars[0]?.spans, [
      { from: 0, to: 20 },
      { from: 50, to: 60 },
    ]);
  });

  it("has the ten slowest steps, the slowest first, without those that took no time", () => {
    const steps = Array.from({ length: 14 }, (_, i) => step("a", [[i * 100, i * 100 + (i < 2 ? 0 : i)]]));
    assert.deepEqual(
      timelineOf(report(2000, ...steps)).slowest.map((each) => each.step),
      [13, 12, 11, 10, 9, 8, 7, 6, 5, 4],
    );
  });

  it("shows how long a step waited after its last input, unless it is as short as a look into the cache", () => {
    const steps = [
      step("", [[0, 100]]),
      step("", [[0, 500]]),
      step("a", [[900, 1000]], [0, 1]),
      step("a", [[1050, 1100]], [2]),
      step("a", [[1200, 1300]]),
    ];
    const waits = timelineOf(report(2000, ...steps)).lanes.flatMap(({ bars }) =>
      bars.map((bar) => [bar.step, bar.readyAt]),
    );
    assert.deepEqual(Object.fromEntries(waits), {
      0: undefined,
      1: undefined,
      2: 500,
      3: undefined,
      4: undefined,
    });
  });

  const ticks: readonly (readonly [totalMs: number, distance: number])[] = [
    [1, 0.2],
    [90, 20],
    [1000, 200],
    [7000, 1000],
    [30_000, 5000],
    [100_000, 15_000],
    [600_000, 120_000],
    [3_600_000, 600_000],
    [100_000_000, 14_400_000],
  ];
  for (const [totalMs, distance] of ticks)
    it(`has marks every ${distance} ms in a build of ${totalMs} ms`, () => {
      const { ticks: found } = timelineOf(report(totalMs));
      assert.equal(found[0], 0);
      assert.ok(found.length >= 3 && found.length <= 10, `${found.length} marks`);
      assert.ok(Math.abs((found[1] ?? 0) - distance) < 1e-9, String(found[1]));
    });
});
