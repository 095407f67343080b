import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { BuildOptions } from "../../../src/core/base/buildOptions";
import { readRecipes } from "../../../src/core/dockerfile/stepRecipes";
import type { BaseTrace } from "../../../src/core/operation/buildTrace";
import { offeredFiles } from "../../../src/core/operation/offeredFiles";
import type { ComparedBuild } from "../../../src/core/report/baseImages";
import { buildInputs } from "../../../src/core/report/buildInputs";
import { inputsText, parseInputs } from "../../../src/core/report/inputsRecord";
import type { ReportStep } from "../../../src/core/report/reportRecord";
import { whyNotCached } from "../../../src/core/report/whyNotCached";

const context = "[internal] load build context";

interface Given {
  readonly dockerfile?: readonly string[];
  readonly options?: BuildOptions;
  /** Steps by their names; each uses the results of those that it names by their indexes. */
  readonly steps?: readonly (readonly [name: string, state: ReportStep["state"], ...inputs: readonly number[]])[];
  readonly bases?: BaseTrace["images"];
  /** Sizes of files by path; undefined if none were listed. */
  readonly files?: Readonly<Record<string, number>>;
  /** The same of a named context. */
  readonly shared?: Readonly<Record<string, number>>;
  readonly changes?: Partial<ReportStep>;
}

let sessions = 0;
const dockerfile = ["ARG TAG=1", "FROM app:$TAG", "COPY src /src", "ARG MODE", "RUN make"];
const steps: NonNullable<Given["steps"]> = [
  ["[1/3] FROM docker.io/library/app:1", "done"],
  [context, "done"],
  ["[2/3] COPY src /src", "done", 0, 1],
  ["[3/3] RUN make", "done", 2],
];

function built(given: Given = {}): ComparedBuild {
  const { options = {}, files = { "src/a": 1 }, bases = [{ name: "app:1", id: "sha256:a" }] } = given;
  const { recipes, indexOf } = readRecipes(`${(given.dockerfile ?? dockerfile).join("\n")}\n`, options);
  const offered = (sizes: Readonly<Record<string, number>>) =>
    offeredFiles(
      Object.entries(sizes).map(([path, sizeBytes]) => ({ path, kind: "file", mode: 0o644, sizeBytes, mtimeMs: 0 })),
      [],
    );
  const traced = {
    recipes: { kind: "recipes", recipes, options } as const,
    bases,
    folders: [
      { name: "", files: offered(files) },
      ...(given.shared ? [{ name: "shared", files: offered(given.shared) }] : []),
    ],
  };
  const names = given.steps ?? steps;
  // As in BuildKit, the digest of a step covers its definition, and the session of a step that uses the context.
  const digest = (index: number): string => {
    const [name = "", , ...inputs] = names[index] ?? [];
    return [name, ...inputs.map(digest), ...(name === context ? [`session ${sessions}`] : [])].join("\n");
  };
  sessions++;
  return {
    report: {
      durationMs: 1,
      isRunning: false,
      stepsLeftOut: 0,
      warnings: [],
      steps: names.map(([name, state, ...inputs], i) => ({
        name,
        kind: /^\[(internal|context)\b/.test(name) ? "internal" : "instruction",
        stage: /^\[(\S+) \d/.exec(name)?.[1] ?? "",
        spans: [],
        state,
        transfers: [],
        bytes: 0,
        inputs,
        digest: createHash("sha256")
          .update(names.length < 100 ? digest(i) : name)
          .digest("hex"),
        ...(indexOf(name) !== undefined && { recipe: indexOf(name) }),
        ...given.changes,
      })),
    },
    inputs: parseInputs(inputsText(buildInputs(traced, "salt"))),
  };
}

/** What an explanation names, of each step that has one. */
function why(now: ComparedBuild, earlier: ComparedBuild | undefined): Record<string, unknown> {
  return Object.fromEntries(
    [...whyNotCached(now, earlier)].map(([step, found]) => [
      now.report.steps[step]?.name.replace(/^\[[^\]]*\] /, ""),
      "unknown" in found ? found.unknown.kind : found.causes,
    ]),
  );
}

describe("why a step was not cached", () => {
  it("is not known without an earlier build, without its inputs, and for a builder that reports none", () => {
    const now = built();
    assert.deepEqual(why(now, undefined), { "COPY src /src": "noEarlier", "RUN make": "noEarlier" });
    const { report } = built();
    assert.deepEqual(why(now, { report }), { "COPY src /src": "notKept", "RUN make": "notKept" });
    assert.deepEqual(why({ report }, now), { "COPY src /src": "notCompared", "RUN make": "notCompared" });
  });

  it("is nothing for a cached step", () =>
    assert.deepEqual(why(built({ changes: { state: "cached" } }), built({ files: { "src/a": 2 } })), {}));

  it("is the changed files, and the step before for what follows", () => {
    const found = why(built({ files: { "src/a": 2, other: 3 } }), built());
    assert.deepEqual(found["COPY src /src"], [{ kind: "files", changes: [{ path: "src/a", kind: "changed" }] }]);
    assert.deepEqual(found["RUN make"], [{ kind: "step", step: 2 }]);
  });

  it("is the changed files of a named context: a source, a mount, or the base", () => {
    const options = { buildContexts: { shared: "../shared", other: "docker-image://app" } };
    const transfer = ["[context shared] load from client", "done"] as const;
    const changed = (...paths: string[]) => [
      { kind: "files", changes: paths.map((path) => ({ context: "shared", path, kind: "changed" })) },
    ];
    const compare = (lines: readonly string[], names: NonNullable<Given["steps"]>): Record<string, unknown> => {
      const given = { dockerfile: lines, options, steps: names, files: { lib: 1 } };
      return why(
        built({ ...given, files: { lib: 2 }, shared: { lib: 2, more: 2, rest: 1 } }),
        built({ ...given, shared: { lib: 1, more: 1, rest: 1 } }),
      );
    };
    const copied = compare(
      [
        "FROM app:1",
        "COPY --from=shared lib rest /x/",
        "RUN --mount=from=shared,source=more,target=/m make",
        "RUN test",
      ],
      [
        ["[1/4] FROM docker.io/library/app:1", "done"],
        transfer,
        ["[2/4] COPY --from=shared lib rest /x/", "done", 0, 1],
        ["[3/4] RUN --mount=from=shared,source=more,target=/m make", "done", 2, 1],
        ["[4/4] RUN test", "done", 3],
      ],
    );
    assert.deepEqual(Object.values(copied), [
      changed("lib"),
      [...changed("more"), { kind: "step", step: 2 }],
      [{ kind: "step", step: 3 }],
    ]);
    const based = compare(["FROM shared", "RUN test"], [transfer, ["[2/2] RUN test", "done", 0]]);
    assert.deepEqual(based, { "RUN test": changed("lib", "more") });
    const image = compare(
      ["FROM scratch", "COPY --from=other lib /x"],
      [
        ["[context other] docker.io/library/app:latest", "done"],
        ["[1/1] COPY --from=other lib /x", "done", 0],
      ],
    );
    assert.deepEqual(image["COPY --from=other lib /x"], "inputs");
  });

  it("is the argument that a step can see, and never its value", () => {
    const now = built({ options: { buildArgs: { MODE: "hunter2" } } });
    const found = why(now, built({ options: { buildArgs: { MODE: "hunter1" } } }));
    assert.deepEqual(found, { "COPY src /src": "pruned", "RUN make": [{ kind: "arguments", names: ["MODE"] }] });
    assert.doesNotMatch(JSON.stringify(now.inputs), /hunter/);
    // An argument that is given for the first time, and one that is no longer given.
    assert.deepEqual(why(now, built())["RUN make"], [{ kind: "arguments", names: ["MODE"] }]);
    assert.deepEqual(why(built(), now)["RUN make"], [{ kind: "arguments", names: ["MODE"] }]);
  });

  it("is the base image: another digest, or another image by an argument or an edit", () => {
    const copy = "COPY src /src";
    const other = built({ bases: [{ name: "app:1", id: "sha256:b" }] });
    assert.deepEqual(why(built(), other)[copy], [
      { kind: "base", image: "docker.io/library/app:1", before: "sha256:b", now: "sha256:a" },
    ]);
    const [, ...rest] = steps;
    const second = { steps: [["[1/3] FROM docker.io/library/app:2", "done"], ...rest] } satisfies Given;
    assert.deepEqual(why(built({ ...second, options: { buildArgs: { TAG: "2" } } }), built())[copy], [
      { kind: "arguments", names: ["TAG"] },
    ]);
    const edited = ["ARG TAG=1", "FROM app:2", ...dockerfile.slice(2)];
    assert.deepEqual(why(built({ ...second, dockerfile: edited }), built())[copy], [
      { kind: "instruction", keyword: "FROM", line: 2 },
    ]);
  });

  it("doesn't compare a digest in the name of a step with an ID of the daemon", () => {
    const [, ...rest] = steps;
    const pulled = built({
      steps: [[`[1/3] FROM docker.io/library/app:1@sha256:${"c".repeat(64)}`, "done"], ...rest],
      bases: [],
    });
    assert.deepEqual(why(built(), pulled), { "COPY src /src": "inputs", "RUN make": "inputs" });
  });

  it("is the options, USER, SHELL, or ENV that a RUN depends on", () => {
    const run = (before: readonly string[], options: BuildOptions = {}) =>
      built({
        dockerfile: ["FROM app:1", "COPY src /src", ...before, "RUN make"],
        options,
      });
    const found = (now: ComparedBuild, earlier: ComparedBuild) => why(now, earlier)["RUN make"];
    assert.deepEqual(found(run(["USER a"]), run(["USER b"])), [{ kind: "settings", names: ["USER"] }]);
    assert.deepEqual(found(run(['SHELL ["a"]']), run([])), [{ kind: "settings", names: ["SHELL"] }]);
    assert.deepEqual(found(run(["ENV A=1 B=1"]), run(["ENV A=2 B=1"])), [{ kind: "variables", names: ["A"] }]);
    assert.deepEqual(found(run([], { networkMode: "none" }), run([])), [{ kind: "options", names: ["networkMode"] }]);
    // LABEL and CMD change no result.
    assert.equal(found(run(["LABEL a=1", "CMD a"]), run([])), "pruned");
  });

  it("is an instruction that was removed or moved, and not the name of a stage", () => {
    const run = (lines: readonly string[]): ComparedBuild => {
      const names = lines.slice(1).map((text, i) => `[${i + 2}/${lines.length}] ${text}`);
      return built({
        dockerfile: lines,
        steps: [
          [`[1/${lines.length}] FROM docker.io/library/app:1`, "done"],
          ...names.map((each, i) => [each, "done", i] as const),
        ],
      });
    };
    const all = ["FROM app:1", "RUN one", "RUN two", "RUN three"];
    const moved = [{ kind: "moved" }];
    const shorter = why(run(all.filter((line) => line !== "RUN two")), run(all));
    assert.deepEqual(shorter["RUN three"], moved);
    assert.deepEqual(why(run(["FROM app:1", "RUN two", "RUN one"]), run(all.slice(0, 3)))["RUN two"], moved);
    const renamed = run(["FROM app:1 AS other", ...all.slice(1)]);
    assert.deepEqual(Object.values(why(renamed, run(all))), ["pruned", "pruned", "pruned"]);
  });

  it("is that the build, or its stage, ran without the cache", () => {
    const noCache = [{ kind: "noCache" }];
    for (const options of [{ noCache: true }, { noCacheFilter: ["stage-0"] }])
      assert.deepEqual(why(built({ options }), built()), { "COPY src /src": noCache, "RUN make": noCache });
    assert.equal(why(built({ options: { noCacheFilter: ["other"] } }), built())["RUN make"], "pruned");
  });

  it("is that the step failed before, or that it was not reached", () => {
    const [, , ...last] = [...steps].reverse();
    const failed = [
      ...[...last].reverse(),
      ["[2/3] COPY src /src", "done", 0, 1],
      ["[3/3] RUN make", "failed", 2],
    ] as const;
    assert.equal(why(built(), built({ steps: failed }))["RUN make"], "failedBefore");
    assert.equal(why(built(), built({ steps: failed.slice(0, 3) }))["RUN make"], "notReached");
  });

  it("is not known where something is used that isn't compared", () => {
    const remote = { dockerfile: ["FROM app:1", "COPY src /src", "RUN make"], steps: [...steps] };
    remote.steps[1] = ["https://example.com/a.tgz", "done"];
    assert.equal(why(built(remote), built(remote))["RUN make"], "inputs");
  });

  it("is only a step of the same stage where the step has a cause itself, and copied results otherwise", () => {
    const lines = ["FROM app:1 AS one", "COPY src /src", "FROM app:1 AS two", "RUN make", "COPY --from=one /src /x"];
    const stages = (state: ReportStep["state"]): Given => ({
      dockerfile: lines,
      steps: [
        ["[one 1/2] FROM docker.io/library/app:1", "done"],
        [context, "done"],
        ["[one 2/2] COPY src /src", "done", 0, 1],
        ["[two 2/3] RUN make", "cached", 0],
        ["[two 3/3] COPY --from=one /src /x", state, 3, 2],
      ],
    });
    const found = why(built({ ...stages("done"), files: { "src/a": 2 } }), built(stages("done")));
    assert.deepEqual(found["COPY --from=one /src /x"], [{ kind: "step", step: 2 }]);
    assert.equal("RUN make" in found, false);
  });

  it("stays short for builds that are made to take long", () => {
    const many = Array.from({ length: 400 }, (_, i) => `RUN make ${i}`);
    const names = ["FROM docker.io/library/app:1", ...many].map((text, i) => `[${i + 1}/401] ${text}`);
    const long = (name: string) =>
      built({
        dockerfile: [`FROM app:1`, `ENV A=${name}`, ...many],
        steps: names.map((each, i) => (i === 0 ? [each, "done"] : [each, "done", i - 1])),
      });
    const startedAt = performance.now();
    assert.equal(whyNotCached(long("a"), long("b")).size, 400);
    assert.ok(performance.now() - startedAt < 5000);
  });
});
