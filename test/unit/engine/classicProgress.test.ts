import assert from "node:assert/strict";
import { ClassicProgress } from "../../../src/core/engine/progress/classicProgress";
import type { ProgressEvent } from "../../../src/core/operation/progressEvent";
import type { DaemonMessage } from "../../../src/core/transport/jsonLines";

function eventsOf(messages: readonly DaemonMessage[], error?: string): string[] {
  const lines: string[] = [];
  const progress = new ClassicProgress((event) => lines.push(inOneLine(event)));
  for (const message of messages) progress.accept(message);
  progress.finish(error);
  return lines;
}

function inOneLine(event: ProgressEvent): string {
  switch (event.kind) {
    case "stepStarted":
      return `start ${event.step.number} ${event.step.name}`;
    case "stepFinished":
      return `end ${event.step.number}${event.cached ? " cached" : ""}${event.error ? ` error ${event.error}` : ""}`;
    case "stepLog":
      return `${event.stream} ${event.step?.number ?? "-"} ${JSON.stringify(event.text)}`;
    case "layer":
      return `layer ${event.layerId} ${event.state}`;
    case "warning":
      return `warning ${event.message}`;
    case "message":
      return `message ${event.text}`;
    default:
      return event.kind;
  }
}

const text = (...streams: readonly string[]): DaemonMessage[] => streams.map((stream) => ({ stream }));

describe("ClassicProgress", () => {
  it("reads Docker's classic stream [Z102]", () => {
    assert.deepEqual(
      eventsOf([
        ...text("Step 1/3 : FROM busybox:1.35", "\n"),
        { status: "Pulling from library/busybox", id: "1.35" },
        { status: "Downloading", progressDetail: { current: 1, total: 2 }, id: "abc" },
        ...text(
          " ---> 9c01ab23cd45\n",
          "Step 2/3 : RUN echo hi; echo; echo no >&2",
          "\n",
          " ---> Running in 0123456789ab\n",
          "hi\n",
          "\n",
        ),
        ...text("\u001b[91mno\n\u001b[0m", "Removing intermediate container 0123456789ab\n", " ---> 5566778899aa\n"),
        ...text("Step 3/3 : COPY a /", "\n", " ---> Using cache\n", " ---> 5566778899ab\n"),
        ...text(
          "[Warning] One or more build-args [X] were not consumed\n",
          "Successfully built 5566778899ab\n",
          "Successfully tagged app:1\n",
        ),
      ]),
      [
        "start 1 FROM busybox:1.35",
        "message 1.35: Pulling from library/busybox",
        "layer abc downloading",
        "end 1",
        "start 2 RUN echo hi; echo; echo no >&2",
        'stdout 2 "hi\\n"',
        'stdout 2 "\\n"',
        'stderr 2 "no\\n"',
        "end 2",
        "start 3 COPY a /",
        "warning One or more build-args [X] were not consumed",
        "message Successfully built 5566778899ab",
        "message Successfully tagged app:1",
        "end 3 cached",
      ],
    );
  });

  it("reads podman's stream, whose stages number their steps again", () => {
    assert.deepEqual(
      eventsOf(
        text(
          "[1/2] STEP 1/1: FROM busybox AS a\n",
          "[2/2] STEP 1/2: FROM busybox\n",
          "[2/2] STEP 2/2: RUN true\n",
          "--> Using cache 5566778899ab\n",
          "--> 5566778899ab\n",
          "COMMIT app:1\n",
        ),
      ),
      ["start 1 FROM busybox AS a", "end 1", "start 2 FROM busybox", "end 2", "start 3 RUN true", "end 3 cached"],
    );
  });

  it("ends the running step as the failed one", () => {
    assert.deepEqual(eventsOf(text("Step 1/1 : RUN exit 3", "\n"), "returned a non-zero code: 3"), [
      "start 1 RUN exit 3",
      "end 1 error returned a non-zero code: 3",
    ]);
  });

  it("joins a line that arrives in pieces", () => {
    assert.deepEqual(eventsOf(text("Step 1/1 : RUN x", "\n", "one ", "line\n")), [
      "start 1 RUN x",
      'stdout 1 "one line\\n"',
      "end 1",
    ]);
  });
});
