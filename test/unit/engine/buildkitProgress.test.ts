import assert from "node:assert/strict";
import { vertex, status, log, warning, trace, accept, run } from "./buildkitTraces";

describe("BuildkitProgress", () => {
  it("tells once that a step started and once that it ended, however often BuildKit does", () => {
    const started = trace(vertex({ ...run, started: 1_700_000_000_250 }));
    const ended = trace(vertex({ ...run, started: 1_700_000_000_250, completed: 1_700_000_001_500 }));
    const step = { number: 1, name: run.name };
    assert.deepEqual(accept(trace(vertex(run)), started, started, ended, ended).events, [
      { kind: "stepStarted", step },
      { kind: "stepFinished", step, cached: false, durationMs: 1250, error: undefined },
    ]);
  });

  it("numbers steps as they start", () => {
    const other = { digest: "sha256:2", name: "[1/3] FROM x" };
    const { events } = accept(
      trace(vertex(run), vertex(other)),
      trace(vertex({ ...other, started: 1 })),
      trace(vertex({ ...run, started: 2 })),
    );
    assert.deepEqual(
      events.map((event) => event.kind === "stepStarted" && [event.step.number, event.step.name]),
      [
        [1, other.name],
        [2, run.name],
      ],
    );
  });

  it("tells of cached steps, output on both streams, transfers and warnings", () => {
    const { events } = accept(
      trace(
        vertex({ ...run, started: 1000, completed: 1000, cached: true }),
        log(run.digest, 1, "öut\n"),
        log(run.digest, 2, "err\n"),
        warning("old"),
      ),
      trace(status("transferring context:", run.digest, 2048), status("sha256:abc", run.digest, 5, 3_000_000_000)),
      trace(status("exporting layers", run.digest, 0, 0, 1)),
      trace(status("exporting layers", run.digest, 0, 0, 1)),
    );
    const step = { number: 1, name: run.name };
    assert.deepEqual(events.slice(1), [
      { kind: "stepLog", step, text: "öut\n", stream: "stdout" },
      { kind: "stepLog", step, text: "err\n", stream: "stderr" },
      { kind: "warning", message: "old" },
      { kind: "stepFinished", step, cached: true, durationMs: 0, error: undefined },
      { kind: "transfer", step, label: "transferring context", currentBytes: 2048 },
      { kind: "transfer", step, label: "sha256:abc", currentBytes: 5, totalBytes: 3_000_000_000 },
      { kind: "stepLog", step, text: "exporting layers\n", stream: "stdout" },
    ]);
  });

  it("tells of a source once that starts and ends twice, for key and content, with the time of both", () => {
    const source = { digest: "sha256:c", name: "[internal] load build context", inputs: [] };
    const copy = { digest: "sha256:d", name: "[2/2] COPY . /", inputs: [source.digest], started: 7000 };
    const { events } = accept(
      trace(vertex({ ...source, started: 1000 })),
      trace(vertex({ ...source, started: 1000, completed: 1000 })),
      trace(vertex({ ...source, started: 1100 }), status("transferring context:", source.digest, 5)),
      trace(vertex({ ...source, started: 1000, completed: 1000 })),
      trace(vertex({ ...source, started: 1100, completed: 5900 })),
      trace(vertex(copy)),
    );
    const step = { number: 1, name: source.name };
    assert.deepEqual(events, [
      { kind: "stepStarted", step },
      { kind: "transfer", step, label: "transferring context", currentBytes: 5 },
      { kind: "stepStarted", step: { number: 2, name: copy.name } },
      { kind: "stepFinished", step, cached: false, durationMs: 4800, error: undefined },
    ]);
  });

  it("tells at the end of a build that a step is over which could have gone on, such as an export", () => {
    const exported = { digest: "sha256:e", name: "exporting to image", inputs: [] };
    const { events, progress } = accept(trace(vertex({ ...exported, started: 1000, completed: 1200 })));
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["stepStarted"],
    );
    progress.accept(trace(vertex({ ...exported, started: 1300 })));
    progress.accept(trace(vertex({ ...exported, started: 1300, completed: 2300 })));
    progress.end();
    progress.end();
    assert.deepEqual(events.slice(1), [
      {
        kind: "stepFinished",
        step: { number: 1, name: exported.name },
        cached: false,
        durationMs: 1200,
        error: undefined,
      },
    ]);
  });

  it("takes a step for cached whose last start found it in the cache", () => {
    const base = { digest: "sha256:b", name: "[1/2] FROM x", inputs: [] };
    const { events, progress } = accept(
      trace(vertex({ ...base, started: 1000, completed: 1001 })),
      trace(vertex({ ...base, started: 1002, completed: 1002, cached: true })),
    );
    progress.end();
    assert.deepEqual(events.slice(1), [
      { kind: "stepFinished", step: { number: 1, name: base.name }, cached: true, durationMs: 1, error: undefined },
    ]);
  });

  it("puts characters together that are split between two messages, on each stream of each step", () => {
    const bytes = Buffer.from("€😀\n");
    const halves = [...bytes].map((_, i) => bytes.subarray(i, i + 1));
    const { events } = accept(
      trace(vertex({ ...run, started: 1000 })),
      ...halves.map((each) => trace(log(run.digest, 1, each), log(run.digest, 2, "x"))),
      trace(log(run.digest, 1, bytes.subarray(0, 2)), vertex({ ...run, started: 1000, completed: 2000 })),
    );
    const written = (stream: string) =>
      events.flatMap((event) => (event.kind === "stepLog" && event.stream === stream ? [event.text] : [])).join("");
    assert.deepEqual([written("stdout"), written("stderr")], ["€😀\n\ufffd", "xxxxxxxx"]);
    assert.equal(events.at(-1)?.kind, "stepFinished");
  });

  it("tells warnings with their place, their explanation and its address", () => {
    const url = "https://docs.docker.com/go/x/";
    const { events } = accept(
      trace(
        warning("RuleName: short", {
          detail: ["one", "two"],
          url,
          filename: "Dockerfile",
          lines: [
            [3, 3],
            [2, 0],
          ],
        }),
      ),
      trace(warning("of another file", { filename: "other", lines: [[1, 1]] })),
      trace(warning("of a line that there is not", { filename: "Dockerfile", lines: [[40, 41]] })),
      trace(warning("with an end that there is not", { filename: "Dockerfile", lines: [[2, 400]] })),
    );
    assert.deepEqual(events, [
      {
        kind: "warning",
        message: "RuleName: short",
        detail: "one\ntwo",
        url,
        location: { file: "/x/Dockerfile", line: 2, endLine: 3 },
      },
      { kind: "warning", message: "of another file" },
      { kind: "warning", message: "of a line that there is not" },
      {
        kind: "warning",
        message: "with an end that there is not",
        location: { file: "/x/Dockerfile", line: 2, endLine: 4 },
      },
    ]);
  });
});
