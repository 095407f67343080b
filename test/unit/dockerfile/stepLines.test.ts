import assert from "node:assert/strict";
import { overBudget } from "../../support/workTime";
import { stepLines } from "../../../src/core/dockerfile/stepLines";

const text = [
  "FROM busybox AS build",
  "WORKDIR /src",
  "COPY . .",
  "RUN make \\",
  "    all",
  "FROM busybox",
  "COPY --from=build /src/app /app",
  "RUN true",
  "RUN true",
  "",
].join("\n");

describe("the lines of a build's steps", () => {
  const step = (name: string, durationMs?: number, cached = false, number = 0) => ({
    number,
    name,
    durationMs,
    cached,
  });

  it("are those of their instructions, and internal steps have none", () => {
    const steps = [
      step("[internal] load build definition from Dockerfile", 10),
      step("[internal] load metadata for docker.io/library/busybox:latest", 900),
      step("[build 1/4] FROM docker.io/library/busybox:latest", 500),
      step("[build 2/4] WORKDIR /src", undefined, true),
      step("[build 3/4] COPY . .", 300),
      step("[build 4/4] RUN make     all", 2_000),
      step("[stage-1 2/4] COPY --from=build /src/app /app", 40),
      step("[stage-1 3/4] RUN true", 200),
      step("[stage-1 4/4] RUN true", 400),
      step("exporting to image", 100),
    ];
    assert.deepEqual(
      stepLines(text, steps).map(({ line, endLine, durationMs, cached }) => [line, endLine, durationMs, cached]),
      [
        [2, 2, undefined, true],
        [3, 3, 300, false],
        [4, 5, 2_000, false],
        [7, 7, 40, false],
        [8, 8, 200, false],
        [9, 9, 400, false],
      ],
    );
  });

  it("are not guessed where two instructions have the same text", () => {
    assert.deepEqual(stepLines(text, [step("RUN true", 5, false, 99)]), []);
  });

  it("are found in time that grows with the Dockerfile, not with its instructions for each step", () => {
    const steps = Array.from({ length: 500 }, (_, i) => step(`[${i + 2}/1501] RUN echo ${i} && make part-${i}`, 5));
    const runs = Array.from({ length: 1500 }, (_, i) => `RUN echo ${i} && make part-${i}\n`).join("");
    assert.equal(stepLines(`FROM busybox\n${runs}`, steps).length, 500);
    assert.equal(
      overBudget(() => stepLines(`FROM busybox\n${runs}`, steps), 100),
      undefined,
    );
    // Names that only the text could tell apart.
    const unplaced = steps.map((each) => ({ ...each, name: `RUN no such step ${each.name}` }));
    assert.equal(
      overBudget(() => stepLines(`FROM busybox\n${runs}`, unplaced), 200),
      undefined,
    );
  });

  it("have the longest time of several platforms, and are cached only if all are", () => {
    const of = (platform: string, ...rest: [number?, boolean?]) =>
      step(`[linux/${platform} build 3/4] COPY . .`, ...rest);
    const [both] = stepLines(text, [of("amd64", 300), of("arm64", 700)]);
    assert.deepEqual([both?.line, both?.durationMs, both?.cached], [3, 700, false]);
    const [mixed] = stepLines(text, [of("amd64", undefined, true), of("arm64", 700)]);
    assert.deepEqual([mixed?.durationMs, mixed?.cached], [700, false]);
  });
});
