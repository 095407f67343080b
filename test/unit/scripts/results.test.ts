import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { OutputEnd } from "../../../scripts/test/child.mjs";
import {
  failure,
  failures,
  merged,
  noResults,
  slowest,
  takeResults,
  type Results,
} from "../../../scripts/test/results.mjs";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

const tests = `
describe("a suite", () => {
  before(() => new Promise((resolve) => setTimeout(resolve, 600)));
  it("passes", () => new Promise((resolve) => setTimeout(resolve, 50)));
  it("fails", () => { throw new Error("no"); });
});
describe("another", () => {
  before(() => { throw new Error("no bed"); });
  it("never runs", () => {});
});
`;

describe("the results of a test run", () => {
  let folder: string;
  before(() => (folder = temporaryFolder({ "test/unit/a.test.js": tests })));
  after(removeTemporaryFolders);

  async function run(...options: readonly string[]): Promise<Results> {
    const resultsFile = join(folder, "results.json");
    const args = [
      "--import",
      "./scripts/tsx.mjs",
      "node_modules/mocha/bin/_mocha",
      "--no-config",
      "--reporter",
      "test/support/resultsReporter.ts",
      ...options,
      join(folder, "test/unit/a.test.js"),
    ];
    const { status } = spawnSync(process.execPath, args, {
      env: { ...process.env, IMAGE_BUILDERS_TEST_RESULTS: resultsFile },
    });
    const results = await takeResults(resultsFile, { endedWell: status === 0, title: "unit" });
    assert.ok(!existsSync(resultsFile));
    return results;
  }

  for (const options of [[], ["--parallel", "--jobs", "2"]]) {
    const how = options.join(" ") || "alone";
    it(`tell each test's file and time, and hooks that failed or took long (mocha ${how})`, async () => {
      const { passed, failed, hooks, files } = await run(...options);
      assert.deepEqual(
        passed.map(({ title, file }) => [title, file]),
        [["a suite passes", "unit/a.test.ts"]],
      );
      assert.ok((passed[0]?.durationMs ?? 0) >= 45);
      assert.deepEqual(
        failed.map(({ title }) => title),
        ["a suite fails", 'another "before all" hook for "never runs"'],
      );
      assert.deepEqual(
        hooks.map(({ title }) => title.slice(0, 'a suite "before all" hook'.length)),
        ['a suite "before all" hook'],
      );
      assert.ok((files["unit/a.test.ts"] ?? 0) >= 600);
    });
  }

  it("have a failure where a run left none, or ended badly without one", async () => {
    assert.deepEqual(
      (await takeResults(join(folder, "absent"), { endedWell: true, title: "unit" })).failed.map(({ title }) => title),
      ["unit left no results"],
    );
    const empty = join(temporaryFolder({ "results.json": JSON.stringify(noResults) }), "results.json");
    assert.deepEqual(
      (await takeResults(empty, { endedWell: false, title: "unit" })).failed.map(({ title }) => title),
      ["unit ended badly"],
    );
  });

  it("of a run that left none are the end of what it printed", async () => {
    const output = new OutputEnd();
    for (let line = 1; line <= 50; line++) output.add(Buffer.from(`line ${line}\n`));
    const results = await takeResults(join(folder, "absent"), { endedWell: false, title: "host", output: output.text });
    const told = failures({ host: results }).join("\n");
    assert.match(told, /^host: host left no results/);
    assert.match(told, /line 36\n/);
    assert.match(told, /line 50$/);
  });

  it("of several runs are counted together, the slowest first", () => {
    const result = (title: string, durationMs: number) => ({ title, file: "unit/a.test.ts", durationMs });
    const one: Results = {
      passed: [result("quick", 10)],
      failed: [result("slow", 4000)],
      hooks: [result("hook", 900)],
      files: { "unit/a.test.ts": 4910 },
    };
    const both = merged([one, failure("ui cannot run")]);
    assert.deepEqual([both.passed.length, both.failed.length, both.files], [1, 2, { "unit/a.test.ts": 4910 }]);
    assert.deepEqual(slowest({ unit: one }, 2), ["    4.0 s  unit: slow", "    0.9 s  unit: hook"]);
  });
});
