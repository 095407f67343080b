import assert from "node:assert/strict";
import { Writer } from "protobufjs/minimal";
import { BuildkitProgress } from "../../../src/core/engine/progress/buildkitProgress";
import type { ProgressEvent } from "../../../src/core/operation/progressEvent";

interface TestVertex {
  readonly digest: string;
  readonly name: string;
  readonly cached?: boolean;
  readonly started?: number;
  readonly completed?: number;
  readonly error?: string;
}

function timestamp(writer: Writer, field: number, ms: number | undefined): void {
  if (ms === undefined) return;
  writer.uint32((field << 3) | 2).fork().uint32(8).int64(Math.floor(ms / 1000)).uint32(16).int32((ms % 1000) * 1e6).ldelim();
}

const vertex = (each: TestVertex) => (response: Writer): void => {
  const writer = response.uint32(10).fork().uint32(10).string(each.digest).uint32(18).string("an input").uint32(26).string(each.name);
  if (each.cached) writer.uint32(32).bool(true);
  timestamp(writer, 5, each.started);
  timestamp(writer, 6, each.completed);
  if (each.error) writer.uint32(58).string(each.error);
  // A field of a newer daemon.
  writer.uint32(66).fork().uint32(10).string("group").ldelim().ldelim();
};

const status = (id: string, vertexDigest: string, current: number, total = 0, completed?: number) => (response: Writer): void => {
  const writer = response.uint32(18).fork().uint32(10).string(id).uint32(18).string(vertexDigest).uint32(32).int64(current).uint32(40).int64(total);
  timestamp(writer, 8, completed);
  writer.ldelim();
};

const log = (vertexDigest: string, stream: number, text: string) => (response: Writer): void => {
  response.uint32(26).fork().uint32(10).string(vertexDigest).uint32(24).int64(stream).uint32(34).bytes(Buffer.from(text)).ldelim();
};

const warning = (text: string) => (response: Writer): void => {
  response.uint32(34).fork().uint32(10).string("v").uint32(16).int64(1).uint32(26).bytes(Buffer.from(text)).ldelim();
};

function trace(...parts: readonly ((response: Writer) => void)[]): string {
  const response = Writer.create();
  for (const part of parts) part(response);
  return Buffer.from(response.finish()).toString("base64");
}

function accept(...traces: readonly string[]): { events: ProgressEvent[]; progress: BuildkitProgress } {
  const events: ProgressEvent[] = [];
  const progress = new BuildkitProgress((event) => events.push(event));
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
    const { events } = accept(trace(vertex(run), vertex(other)), trace(vertex({ ...other, started: 1 })), trace(vertex({ ...run, started: 2 })));
    assert.deepEqual(events.map((event) => event.kind === "stepStarted" && [event.step.number, event.step.name]), [[1, other.name], [2, run.name]]);
  });

  it("tells of cached steps, output on both streams, transfers and warnings", () => {
    const { events } = accept(
      trace(vertex({ ...run, started: 1000, completed: 1000, cached: true }), log(run.digest, 1, "öut\n"), log(run.digest, 2, "err\n"), warning("old")),
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

  it("remembers the step that failed and the end of what it wrote, not those that were cancelled for it", () => {
    const cancelled = { digest: "sha256:2", name: "[other 1/1] RUN sleep", started: 1, completed: 2, error: "context canceled" };
    const { progress } = accept(trace(vertex(cancelled)), trace(vertex({ ...run, started: 1, completed: 2, error: "exit code: 3" }), log(run.digest, 2, "x".repeat(2000)), log(run.digest, 2, "the end\n")));
    assert.deepEqual(progress.failed, { step: { number: 2, name: run.name }, message: "exit code: 3", output: `${"x".repeat(1992)}the end\n` });
  });
});
