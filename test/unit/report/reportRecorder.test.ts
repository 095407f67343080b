import assert from "node:assert/strict";
import type { BuildTrace } from "../../../src/core/operation/buildTrace";
import type { ProgressEvent } from "../../../src/core/operation/progressEvent";
import { layerChanges } from "../../../src/core/report/layerChanges";
import { layerText } from "../../../src/core/report/layerText";
import { longestReport, mostSteps, parseReport, reportText } from "../../../src/core/report/reportRecord";
import { ReportRecorder } from "../../../src/core/report/reportRecorder";

/** A build that began at the time 1,000,000 by our clock; each item is a time since then, and what was reported. */
function recorded(...items: readonly (readonly [at: number, event: ProgressEvent | BuildTrace])[]) {
  let now = 1_000_000;
  const recorder = new ReportRecorder(() => now);
  for (const [at, event] of items) {
    now = 1_000_000 + at;
    if (isTrace(event)) recorder.trace(event);
    else recorder.accept(event);
  }
  return {
    recorder,
    end(at: number, error?: string) {
      now = 1_000_000 + at;
      recorder.end(error);
      return recorder.report();
    },
  };
}

function isTrace(event: ProgressEvent | BuildTrace): event is BuildTrace {
  return ["step", "layers", "sent", "recipes", "bases", "offered"].includes(event.kind);
}

const run = { number: 1, name: "[build 2/3] RUN make" };
const started = (step = run): ProgressEvent => ({ kind: "stepStarted", step });
const finished = (step = run, cached = false, error?: string): ProgressEvent => ({
  kind: "stepFinished",
  step,
  cached,
  error,
});

describe("the recorder of a build's report", () => {
  it("has the builder's own times by our clock, corrected by the fastest report", () => {
    const build = recorded(
      [10, started()],
      [10, { kind: "step", number: 1, spans: [{ startedAt: 500 }] }],
      [2080, { kind: "step", number: 1, spans: [{ startedAt: 500, endedAt: 2500 }] }],
      [2090, finished()],
    );
    const [step] = build.end(3000).steps;
    assert.deepEqual(step?.spans, [{ from: 10, to: 2010 }]);
    assert.deepEqual([step?.stage, step?.kind, step?.state], ["build", "instruction", "done"]);
  });

  it("has the times at which reports arrived where the builder tells none", () => {
    const build = recorded([5, started({ number: 1, name: "RUN make" })], [85, finished()]);
    const [step] = build.end(100).steps;
    assert.deepEqual(step?.spans, [{ from: 5, to: 85 }]);
    assert.deepEqual([step?.stage, step?.kind], ["", "instruction"]);
  });

  it("tells steps that run, and those that were running at the end, from others", () => {
    const names = ["done", "cached", "failed", "running"];
    const steps = names.map((name, i) => ({ number: i + 1, name }));
    const build = recorded(
      ...steps.map((step) => [0, started(step)] as const),
      ...steps.slice(0, 3).map((step, i) => [10, finished(step, i === 1, i === 2 ? "no" : undefined)] as const),
    );
    const states = () => build.recorder.report().steps.map(({ state }) => state);
    assert.deepEqual(states(), names);
    assert.equal(build.recorder.report().isRunning, true);
    const report = build.end(50);
    assert.deepEqual(states(), ["done", "cached", "failed", "stopped"]);
    assert.deepEqual([report.isRunning, report.durationMs, report.steps[3]?.spans], [false, 50, [{ from: 0, to: 50 }]]);
  });

  it("connects steps by their digests, and tells the builder's own steps from instructions", () => {
    const steps = ["[internal] load build context", "[build 2/3] COPY . /", "exporting to image"];
    const build = recorded(
      ...steps.map((name, i) => [0, started({ number: i + 1, name })] as const),
      [0, { kind: "step", number: 1, digest: "a", inputs: [] }],
      [
        0,
        { kind: "step", number: 2, digest: "b", inputs: ["a", "unknown"], place: { file: "/w/Dockerfile", line: 2 } },
      ],
      [0, { kind: "step", number: 3, digest: "c", inputs: ["b"] }],
      [0, { kind: "step", number: 9, digest: "d" }],
    );
    const report = build.end(1);
    assert.deepEqual(
      report.steps.map(({ kind, inputs, place }) => [kind, inputs, place?.line]),
      [
        ["internal", [], undefined],
        ["instruction", [0], 2],
        ["internal", [1], undefined],
      ],
    );
  });

  it("counts each transfer once, with its largest number of bytes, and the push with its layers", () => {
    const layer = (layerId: string, state: "pushing" | "exists" | "done", currentBytes?: number): ProgressEvent => ({
      kind: "layer",
      layerId,
      state,
      currentBytes,
      text: "",
    });
    const transfer = (currentBytes: number, step: typeof run | undefined = run): ProgressEvent => ({
      kind: "transfer",
      step,
      label: "transferring context",
      currentBytes,
    });
    const build = recorded(
      [0, started()],
      [1, transfer(10)],
      [2, transfer(300)],
      [3, finished()],
      [4, { kind: "pushStarted", imageName: "r/web:1" }],
      [5, layer("x", "pushing", 40)],
      [6, layer("x", "pushing", 70)],
      [6, layer("y", "exists", 1000)],
      [7, layer("x", "done")],
      [8, { kind: "pushed", imageName: "r/web:1", repoDigest: "" }],
    );
    const { steps } = build.end(9);
    assert.deepEqual(
      steps.map(({ kind, bytes, spans, number }) => [kind, bytes, spans[0]?.from, spans[0]?.to, number]),
      [
        ["instruction", 300, 0, 3, 1],
        ["push", 70, 4, 8, undefined],
      ],
    );
  });

  it("has what was sent to a builder that reports it apart from its steps", () => {
    const sent: ProgressEvent = { kind: "transfer", step: undefined, label: "Sending build context", currentBytes: 5 };
    const { steps } = recorded([2, sent], [6, { ...sent, currentBytes: 50 }]).end(9);
    assert.deepEqual(
      steps.map(({ name, kind, bytes, spans }) => [name, kind, bytes, spans]),
      [["Sending build context", "internal", 50, [{ from: 2, to: 6 }]]],
    );
  });

  it("has the files that were sent, once they are known", () => {
    assert.equal(recorded().end(9).sent, undefined);
    assert.deepEqual(recorded([5, { kind: "sent", files: 3, bytes: 70 }]).end(9).sent, { files: 3, bytes: 70 });
  });

  it("says why a push failed", () => {
    const build = recorded([4, { kind: "pushStarted", imageName: "r/web:1" }]);
    const [push] = build.end(9, "denied").steps;
    assert.deepEqual([push?.state, push?.error, push?.spans], ["failed", "denied", [{ from: 4, to: 9 }]]);
  });

  it("keeps no more than its limits, is stored, and read again as it was", () => {
    const items = Array.from({ length: mostSteps + 20 }, (_, i) => {
      const step = { number: i + 1, name: `[s ${i}/9] RUN ${"x".repeat(5000)}` };
      return [
        [i, started(step)],
        [i, finished(step, false, "e".repeat(9000))],
        [i, { kind: "warning", message: "w".repeat(9000) }],
      ] as const;
    }).flat();
    const report = recorded(...items, [
      2000,
      { kind: "layers", layers: Array.from({ length: 500 }, () => ({ createdBy: "y".repeat(5000), sizeBytes: 1 })) },
    ]).end(5000);
    assert.deepEqual([report.steps.length, report.stepsLeftOut, report.layers?.length], [mostSteps, 20, 200]);
    const text = reportText(report);
    assert.ok(text.length < longestReport, String(text.length));
    assert.deepEqual(parseReport(text), { version: 1, ...report });
  });

  const refused: readonly (readonly [title: string, change: object])[] = [
    ["of a later version", { version: 2 }],
    ["with a negative time", { durationMs: -1 }],
    ["with a place without a file", { warnings: [{ message: "", place: { file: "", line: 1 } }] }],
    ["with a null character in a path", { warnings: [{ message: "", place: { file: "a\0", line: 1 } }] }],
    ["with a text that is too long", { warnings: [{ message: "x".repeat(5000) }] }],
  ];
  for (const [title, change] of refused)
    it(`reads no report ${title}`, () => {
      const report = recorded().end(1);
      const text = JSON.stringify({ version: 1, ...report, ...change });
      assert.equal(parseReport(text), undefined);
      assert.ok(parseReport(reportText(report)));
    });

  it("ignores inputs that a damaged report names and doesn't have", () => {
    const report = recorded([0, started()]).end(1);
    const text = reportText({ ...report, steps: report.steps.map((step) => ({ ...step, inputs: [0, 7] })) });
    assert.deepEqual(parseReport(text)?.steps[0]?.inputs, [0]);
  });
});

describe("the text of a layer", () => {
  const cases: readonly (readonly [createdBy: string, expected: string])[] = [
    ["RUN /bin/sh -c make # buildkit", "RUN make"],
    ["/bin/sh -c make", "RUN make"],
    ["/bin/sh -c #(nop) ADD file:abc in / ", "ADD file:abc in /"],
    ["COPY . /app # buildkit", "COPY . /app"],
    ["RUN |1 TOKEN=s3cret /bin/sh -c make # buildkit", "RUN make"],
    ["|2 TOKEN=s3cret OTHER=a b /bin/sh -c make", "RUN make"],
    ["RUN |1 TOKEN=a /bin/sh -c b /bin/sh -c make # buildkit", "RUN make"],
    ["RUN |1 TOKEN=s3cret powershell make # buildkit", "RUN"],
  ];
  for (const [createdBy, expected] of cases)
    it(`is "${expected}" for "${createdBy}"`, () => assert.equal(layerText(createdBy), expected));
});

describe("the layers of two builds", () => {
  it("are compared by their instructions, the largest first, and repeated instructions in their order", () => {
    const layer = (createdBy: string, bytes: number) => ({ createdBy, bytes });
    const before = [layer("FROM", 100), layer("RUN a", 5), layer("RUN a", 6), layer("gone", 7)];
    const now = [layer("FROM", 100), layer("RUN a", 5), layer("RUN a", 60), layer("new", 1)];
    assert.deepEqual(layerChanges(now, before), {
      layers: [
        { ...layer("FROM", 100), bytesBefore: 100 },
        { ...layer("RUN a", 60), bytesBefore: 6 },
        { ...layer("RUN a", 5), bytesBefore: 5 },
        layer("new", 1),
      ],
      removed: [layer("gone", 7)],
    });
  });
});
