import assert from "node:assert/strict";
import { stepLocator } from "../../../src/core/dockerfile/locateStep";
import { BuildkitProgress } from "../../../src/core/engine/progress/buildkitProgress";
import type { BuildTrace } from "../../../src/core/operation/buildTrace";
import { run, trace, vertex } from "./buildkitTraces";

describe("the facts about steps that BuildKit reports", () => {
  it("have digests, inputs, and places when a step starts, and each of its times", () => {
    const traces: BuildTrace[] = [];
    const progress = new BuildkitProgress(
      () => undefined,
      () => undefined,
      {
        trace: (each) => traces.push(each),
        placeOfStep: (name) => (name === run.name ? { file: "/x/Dockerfile", line: 2 } : undefined),
      },
    );
    const source = { digest: "sha256:c", name: "[internal] load build context", inputs: [] };
    progress.accept(trace(vertex({ ...source, started: 1000 })));
    progress.accept(trace(vertex({ ...source, started: 1000, completed: 1100 })));
    progress.accept(trace(vertex({ ...source, started: 1200, completed: 1900 })));
    progress.accept(trace(vertex({ ...run, inputs: [source.digest], started: 1950 })));
    assert.deepEqual(
      traces.filter((each) => each.kind === "step" && each.digest !== undefined),
      [
        { kind: "step", number: 1, digest: source.digest, inputs: [] },
        {
          kind: "step",
          number: 2,
          digest: run.digest,
          inputs: [source.digest],
          place: { file: "/x/Dockerfile", line: 2 },
        },
      ],
    );
    assert.deepEqual(
      traces.flatMap((each) => (each.kind === "step" && each.number === 1 && each.spans ? [each.spans] : [])).at(-1),
      [
        { startedAt: 1000, endedAt: 1100 },
        { startedAt: 1200, endedAt: 1900 },
      ],
    );
  });
});

describe("the instruction of a step", () => {
  const dockerfile = [
    "ARG BASE=busybox",
    "FROM $BASE AS build",
    "ENV A=1",
    "RUN make \\",
    "  all",
    "COPY . /src",
    "FROM scratch",
    "COPY --from=build /src /",
    "FROM build AS more",
    "RUN make",
    "",
  ].join("\n");
  const locate = stepLocator(dockerfile, {});
  const cases: readonly (readonly [name: string, lines: readonly [number, number] | undefined])[] = [
    ["[build 1/3] FROM docker.io/library/busybox:latest", [2, 2]],
    ["[linux/amd64 build 1/3] FROM docker.io/library/busybox:latest@sha256:1", [2, 2]],
    ["[build 2/3] RUN make   all", [4, 5]],
    ["[build 3/3] COPY . /src", [6, 6]],
    ["[stage-1 1/1] COPY --from=build /src /", [8, 8]],
    ["[more 1/1] RUN make", [10, 10]],
    ["[build 2/3] COPY . /src", undefined],
    ["[build 2/9] RUN make all", undefined],
    ["[stage-1 1/1] FROM docker.io/library/busybox", undefined],
    ["[other 1/1] RUN make", undefined],
    ["[internal] load build context", undefined],
    ["exporting to image", undefined],
  ];
  for (const [name, lines] of cases)
    it(`is ${lines ? `in line ${lines[0]}` : "unknown"} for "${name}"`, () =>
      assert.deepEqual(locate(name), lines && { line: lines[0], endLine: lines[1] }));
});
