import assert from "node:assert/strict";
import { Writer } from "protobufjs/minimal";
import { BuildkitProgress } from "../../../src/core/engine/progress/buildkitProgress";
import { placeInDockerfile } from "../../../src/core/engine/dockerfilePlace";
import type { ProgressEvent } from "../../../src/core/operation/progressEvent";

interface TestVertex {
  readonly digest: string;
  readonly inputs?: readonly string[];
  readonly name: string;
  readonly cached?: boolean;
  readonly started?: number;
  readonly completed?: number;
  readonly error?: string;
}

function timestamp(writer: Writer, field: number, ms: number | undefined): void {
  if (ms === undefined) return;
  writer
    .uint32((field << 3) | 2)
    .fork()
    .uint32(8)
    .int64(Math.floor(ms / 1000))
    .uint32(16)
    .int32((ms % 1000) * 1e6)
    .ldelim();
}

const vertex =
  (each: TestVertex) =>
  (response: Writer): void => {
    const writer = response.uint32(10).fork().uint32(10).string(each.digest);
    for (const input of each.inputs ?? ["an input"]) writer.uint32(18).string(input);
    writer.uint32(26).string(each.name);
    if (each.cached) writer.uint32(32).bool(true);
    timestamp(writer, 5, each.started);
    timestamp(writer, 6, each.completed);
    if (each.error) writer.uint32(58).string(each.error);
    // A field of a newer daemon.
    writer.uint32(66).fork().uint32(10).string("group").ldelim().ldelim();
  };

const status =
  (id: string, vertexDigest: string, current: number, total = 0, completed?: number) =>
  (response: Writer): void => {
    const writer = response
      .uint32(18)
      .fork()
      .uint32(10)
      .string(id)
      .uint32(18)
      .string(vertexDigest)
      .uint32(32)
      .int64(current)
      .uint32(40)
      .int64(total);
    timestamp(writer, 8, completed);
    writer.ldelim();
  };

const log =
  (vertexDigest: string, stream: number, text: string | Uint8Array) =>
  (response: Writer): void => {
    response
      .uint32(26)
      .fork()
      .uint32(10)
      .string(vertexDigest)
      .uint32(24)
      .int64(stream)
      .uint32(34)
      .bytes(Buffer.from(text))
      .ldelim();
  };

const warning =
  (
    text: string,
    {
      detail = [],
      url,
      filename,
      lines = [],
    }: { detail?: string[]; url?: string; filename?: string; lines?: [number, number][] } = {},
  ) =>
  (response: Writer): void => {
    const writer = response
      .uint32(34)
      .fork()
      .uint32(10)
      .string("v")
      .uint32(16)
      .int64(1)
      .uint32(26)
      .bytes(Buffer.from(text));
    for (const each of detail) writer.uint32(34).bytes(Buffer.from(each));
    if (url !== undefined) writer.uint32(42).string(url);
    if (filename !== undefined)
      writer.uint32(50).fork().uint32(10).string(filename).uint32(18).bytes(Buffer.from("FROM x")).ldelim();
    for (const [start, end] of lines) {
      const range = writer.uint32(58).fork();
      range.uint32(10).fork().uint32(8).int32(start).uint32(16).int32(1).ldelim();
      range.uint32(18).fork().uint32(8).int32(end).ldelim().ldelim();
    }
    writer.ldelim();
  };

function trace(...parts: readonly ((response: Writer) => void)[]): Uint8Array {
  const response = Writer.create();
  for (const part of parts) part(response);
  return response.finish();
}

function accept(...traces: readonly Uint8Array[]): { events: ProgressEvent[]; progress: BuildkitProgress } {
  const events: ProgressEvent[] = [];
  const dockerfile = {
    file: "/x/Dockerfile",
    name: "Dockerfile",
    bytes: Buffer.alloc(0),
    text: "FROM a\nRUN b\nRUN c\n",
  };
  const progress = new BuildkitProgress(
    (event) => events.push(event),
    (filename, ranges) => placeInDockerfile(dockerfile, filename, ranges),
  );
  for (const each of traces) progress.accept(each);
  return { events, progress };
}

const run = { digest: "sha256:1", name: "[2/3] RUN make" };

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

  describe("finds the step that failed the build", () => {
    const cache = {
      digest: "sha256:2",
      name: "importing cache manifest from x",
      inputs: [],
      started: 1,
      completed: 2,
      error: "x: not found",
    };
    const failed = { ...run, started: 1, completed: 2, error: "exit code: 3" };
    const { progress } = accept(
      trace(vertex(cache)),
      trace(vertex(failed), log(run.digest, 2, "x".repeat(2000)), log(run.digest, 2, "the end\n")),
    );
    const expected = {
      step: { number: 2, name: run.name },
      message: "exit code: 3",
      output: `${"x".repeat(1992)}the end\n`,
    };

    it("by the digest in the build's error, with the end of what it wrote", () => {
      assert.deepEqual(progress.failedStep(run.digest, "something"), expected);
    });
    it("by its words where there is no digest, not by those of a cache that is not there", () => {
      assert.deepEqual(progress.failedStep(undefined, "failed to solve: exit code: 3"), expected);
      assert.equal(progress.failedStep(undefined, "dockerfile parse error"), undefined);
    });
  });
});
