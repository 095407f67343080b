import assert from "node:assert/strict";
import type { BuildStep, ProgressEvent } from "../../../src/core/operation/progressEvent";
import { overBudget } from "../../support/workTime";
import { BuildLog } from "../../../src/core/progress/buildLog";
import { ProgressText } from "../../../src/core/progress/progressText";

const context: BuildStep = { number: 1, name: "[internal] load build context" };
const make: BuildStep = { number: 2, name: "[build 2/4] RUN make" };
const lint: BuildStep = { number: 3, name: "[lint 2/2] RUN <<EOF\nmake lint\nEOF" };
const started = (step: BuildStep): ProgressEvent => ({ kind: "stepStarted", step });
const said = (step: BuildStep | undefined, text: string): ProgressEvent => ({
  kind: "stepLog",
  step,
  text,
  stream: "stdout",
});
const layer = (
  layerId: string,
  state: Extract<ProgressEvent, { kind: "layer" }>["state"],
  currentBytes?: number,
  text = state as string,
): ProgressEvent => ({
  kind: "layer",
  layerId,
  state,
  currentBytes,
  totalBytes: currentBytes && 2_000_000,
  text,
});
const repoDigest = `localhost:5000/app@sha256:${"1".repeat(64)}`;

const cases: readonly { readonly truth: string; readonly events: readonly ProgressEvent[]; readonly lines: string }[] =
  [
    {
      truth: "steps have a header, their lines, what travelled and how long they took",
      events: [
        started(context),
        { kind: "transfer", step: context, label: "transferring context", currentBytes: 900 },
        { kind: "transfer", step: context, label: "transferring context", currentBytes: 12_345_678 },
        { kind: "stepFinished", step: context, cached: false, durationMs: 84 },
        started(make),
        said(make, "cc -o m"),
        said(make, "ain main.c\nok\n"),
        { kind: "stepFinished", step: make, cached: false, durationMs: 61_000 },
      ],
      lines: `
#1 [internal] load build context
#1 transferring context: 12.3 MB
#1 DONE 0.1s

#2 [build 2/4] RUN make
#2 cc -o main main.c
#2 ok
#2 DONE 1m 01s`,
    },
    {
      truth: "a cached step says so, and a name of several lines becomes one",
      events: [started(lint), { kind: "stepFinished", step: lint, cached: true, durationMs: 0 }],
      lines: `
#3 [lint 2/2] RUN <<EOF make lint EOF
#3 CACHED`,
    },
    {
      truth: "steps that run side by side stay apart, and no half line is lost when one ends",
      events: [
        started(make),
        started(lint),
        said(make, "a"),
        said(lint, "b\n"),
        said(make, "1\n2"),
        { kind: "stepFinished", step: make, cached: false, error: "exit code: 2" },
      ],
      lines: `
#2 [build 2/4] RUN make

#3 [lint 2/2] RUN <<EOF make lint EOF
#3 b

#2 a1
#2 2
#2 ERROR: exit code: 2`,
    },
    {
      truth: "escape codes, bells and overwritten text are gone, tabs and empty lines are not",
      events: [
        started(make),
        said(make, "\u001b[1;31mred\u001b[0m\tx\u0007\r\n\n10%\r50%\r"),
        said(make, "100%\n\u001b]8;;http://a\u0007link\u001b]8;;\u0007\n"),
        said(undefined, "loose\n"),
      ],
      lines: `
#2 [build 2/4] RUN make
#2 red\tx
#2 
#2 100%
#2 link

loose`,
    },
    {
      truth: "a push is a line, however often the daemon tells of its layers",
      events: [
        { kind: "pushStarted", imageName: "localhost:5000/app:1" },
        layer("aa", "preparing"),
        layer("bb", "preparing"),
        ...[500_000, 1_000_000, 2_000_000].map((bytes) => layer("aa", "pushing", bytes)),
        layer("aa", "retrying", undefined, "Retrying in 2 seconds"),
        layer("aa", "retrying", undefined, "Retrying in 1 second"),
        layer("aa", "pushing", 2_000_000),
        layer("aa", "done"),
        layer("bb", "exists"),
        { kind: "pushed", imageName: "localhost:5000/app:1", repoDigest },
      ],
      lines: `
Layer aa: Retrying in 2 seconds
Pushed localhost:5000/app:1: 1 layer (2.0 MB), 1 layer already present`,
    },
    {
      truth: "a base image's layers are summed up before the step goes on",
      events: [
        started(make),
        layer("aa", "downloading", 1_000_000),
        layer("aa", "done"),
        said(make, "x\n"),
        started(lint),
      ],
      lines: `
#2 [build 2/4] RUN make
#2 x

Pulled 1 layer (2.0 MB)

#3 [lint 2/2] RUN <<EOF make lint EOF`,
    },
    {
      truth: "warnings and messages stand apart from steps",
      events: [
        started(make),
        { kind: "warning", message: "old syntax" },
        { kind: "message", text: "Successfully tagged app:1" },
        { kind: "imageBuilt", imageId: "sha256:22" },
      ],
      lines: `
#2 [build 2/4] RUN make

WARNING: old syntax
Successfully tagged app:1
Built sha256:22`,
    },
  ];

describe("the build log", () => {
  for (const { truth, events, lines } of cases) {
    it(truth, () => {
      const written: string[] = [];
      const log = new BuildLog((line) => written.push(line));
      for (const event of events) log.accept(event);
      log.end();
      assert.equal(written.join("\n").trim(), lines.trim());
    });
  }

  /** What the log writes of texts that one step says. */
  function written(texts: Iterable<string>): string[] {
    const lines: string[] = [];
    const log = new BuildLog((line) => lines.push(line));
    for (const text of texts) log.accept(said(undefined, text));
    log.end();
    return lines;
  }

  it("cuts a line of a million characters, and says how much is missing", () => {
    const cut = `${"x".repeat(20_000)}… (980000 more characters of this line are not shown)`;
    assert.deepEqual(written([`${"x".repeat(1_000_000)}\nnext\n`]), [cut, "next"]);
    assert.deepEqual(written(Array.from({ length: 10_000 }, () => "x".repeat(100))), [cut]);
  });

  it("keeps what only carriage returns and escape codes follow", () => {
    assert.deepEqual(written(["50%\r100%\r", "\r\u001b[0m\r\n", "a\rb\n", "\r\r\n"]), ["100%", "b", ""]);
  });

  const hostile: Readonly<Record<string, string[]>> = {
    "100 kB of carriage returns": ["\r".repeat(100_000)],
    "100 kB of carriage returns, one by one": Array.from({ length: 100_000 }, () => "\r"),
    "100 kB without a line end, character by character": Array.from({ length: 100_000 }, () => "x"),
    "100 kB of escape codes": ["\u001b[;".repeat(33_000)],
    "100 kB of progress": ["10%\r".repeat(25_000)],
    "100 kB of line ends": ["\n".repeat(100_000)],
  };
  for (const [what, texts] of Object.entries(hostile)) {
    it(`takes ${what} in no time`, () =>
      assert.equal(
        overBudget(() => written(texts), 50),
        undefined,
      ));
  }
});

describe("the progress text", () => {
  it("names the step, the bytes and the layers", () => {
    const progress = new ProgressText();
    const texts = [
      started(make),
      started({ number: 9, name: "[2/3] COPY  a \\\n b" }),
      started({ number: 1, name: "FROM scratch" }),
      started({ number: 5, name: `[3/3] RUN ${"x".repeat(100)}` }),
      said(make, "x"),
      {
        kind: "transfer",
        step: context,
        label: "transferring context",
        currentBytes: 1_500_000,
        totalBytes: 3_000_000,
      },
      { kind: "pushStarted", imageName: "app:1" },
      layer("aa", "pushing", 1_000_000),
      layer("bb", "exists"),
      layer("aa", "done"),
    ].map((event) => progress.accept(event as ProgressEvent));
    assert.deepEqual(texts, [
      "2/4 RUN make",
      "2/3 COPY a \\ b",
      "FROM scratch",
      `3/3 RUN ${"x".repeat(71)}…`,
      undefined,
      "transferring context 1.5 MB of 3.0 MB",
      "Pushing app:1…",
      "0/1 layers, 1.0 MB of 2.0 MB",
      "1/2 layers, 1.0 MB of 2.0 MB",
      "2/2 layers, 2.0 MB of 2.0 MB",
    ]);
  });
});
