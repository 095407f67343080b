import assert from "node:assert/strict";
import { describeObstacles, type Obstacle } from "../../../src/core/embedded/plan/obstacle";
import { planBuild, type BuildPlan, type BuildPlanOptions } from "../../../src/core/embedded/plan/planBuild";

const question: BuildPlanOptions = { platform: "linux/amd64", buildPlatform: "linux/amd64" };

function obstaclesOf(text: string, more: Partial<BuildPlanOptions> = {}): string {
  const plan = planBuild(text, { ...question, ...more });
  return "stages" in plan ? "" : describeObstacles(plan as readonly Obstacle[]);
}

function planOf(text: string, more: Partial<BuildPlanOptions> = {}): BuildPlan {
  const plan = planBuild(text, { ...question, ...more });
  assert.ok("stages" in plan, obstaclesOf(text, more));
  return plan;
}

const left: readonly (readonly [name: string, text: string, obstacles: string])[] = [
  ["RUN", "FROM a\nCOPY a b\n\nRUN x\n", "line 4: RUN"],
  ["RUN in a stage that it copies from", "FROM a AS s\nRUN x\nFROM a\nCOPY --from=s /a /b\n", "line 2: RUN"],
  ["RUN in a stage below", "FROM a AS s\nRUN x\nFROM s\nCOPY a b\n", "line 2: RUN"],
  [
    "several lines",
    "FROM a\nRUN x\nRUN y\nADD https://a.example/b /c\n",
    "line 2: RUN; line 3: RUN; line 4: ADD of a URL or repository",
  ],
  ["a trigger of its own stage", "FROM a AS s\nONBUILD RUN x\nFROM s\n", "line 2: RUN"],
  ["ADD of a repository", "FROM a\nADD git@example.com:a/b.git /c\n", "line 2: ADD of a URL or repository"],
  ["ADD with a checksum", "FROM a\nADD --checksum=sha256:0 a /c\n", "line 2: --checksum"],
  ["an unknown flag", "FROM a\nCOPY --parents a /c\n", "line 2: --parents"],
  ["a flag in capitals", "FROM a\nCOPY --CHOWN=1 a /c\n", "line 2: --chown"],
  ["a flag twice", "FROM a\nCOPY --chown=1 --chown=2 a /c\n", "line 2: a second --chown"],
  ["a flag without a value", "FROM a\nCOPY --chown a /c\n", "line 2: an invalid value of --chown"],
  ["an unknown instruction", "FROM a\nCOPPY a b\n", 'line 2: unknown instruction "COPPY"'],
  [
    "a later stage",
    "FROM a\nCOPY --from=s /a /b\nFROM a AS s\nFROM 0\nFROM a\nCOPY --from=0 /a /b\n",
    "line 2: --from=s, a later stage",
  ],
  ["its own stage", "FROM a\nCOPY --from=0 /a /b\n", "line 2: --from=0, a later stage"],
  ["a stage that is not there", "FROM a\nCOPY --from=7 /a /b\n", "line 2: --from=7"],
  ["a variable in --from", "FROM a\nCOPY --from=$A /a /b\n", "line 2: --from with a variable"],
  ["no FROM", "ARG A\n", "no FROM"],
  ["an instruction in front of FROM", "ENV A=1\nFROM a\n", "line 1: ENV in front of the first FROM"],
  [
    "a frontend of somebody else",
    "# syntax=example.com/x:1\nFROM a\n",
    "a syntax directive that names another frontend",
  ],
  ["checks that end the build", "# check=error=true\nFROM a\n", "a check directive"],
  ["a here-document without an end", "FROM a\nCOPY <<A /b\nx\n", "line 2: a here-document without an end"],
  ["ENV without a value", "FROM a\nENV A=1 B\n", "line 2: ENV without a value"],
  ["COPY without a destination", "FROM a\nCOPY a\n", "line 2: COPY without a destination"],
  ["a proxy that Docker gives", "FROM a\nARG HTTPS_PROXY\n", "line 2: ARG HTTPS_PROXY"],
  ["a base of an unknown name", "ARG A\nFROM $A\n", "line 2: a base image that only the builder knows"],
];

describe("the plan of an embedded build", () => {
  for (const [name, text, obstacles] of left)
    it(`leaves to BuildKit: ${name}`, () => {
      assert.equal(obstaclesOf(text), obstacles);
    });

  it("leaves other systems and stages that are not there", () => {
    assert.equal(obstaclesOf("FROM a\n", { platform: "windows/amd64" }), "the platform windows/amd64");
    assert.equal(obstaclesOf("FROM a AS b\n", { target: "c" }), 'no stage "c"');
  });

  it("does not mind a RUN that the build does not get to", () => {
    const text = "FROM a AS s\nRUN x\nFROM b AS t\nCOPY a /b\nFROM t\nRUN y\n";
    assert.deepEqual(
      planOf(text, { target: "t" }).stages.map(({ index, base }) => [index, base]),
      [[1, "b"]],
    );
  });

  it("has the stages in order, with what triggers add and what others get", () => {
    const { stages, sources } = planOf(
      "ARG B=base\nFROM ${B}:1 AS s\nONBUILD ENV A=1\nONBUILD COPY <<X /x\nlines\nX\nENV C=2\n" +
        "FROM s\nCOPY --from=s /a /b\n",
    );
    assert.deepEqual(
      stages.map(({ base, parent, instructions }) => [base, parent, instructions.map(({ keyword }) => keyword)]),
      [
        ["base:1", undefined, ["ENV", "ONBUILD", "ONBUILD"]],
        ["s", 0, ["ENV", "COPY", "COPY"]],
      ],
    );
    assert.deepEqual(stages[1]?.instructions[1]?.documents[0]?.text, "lines\n");
    assert.deepEqual([sources("S"), sources("0"), sources("t")], [0, 0, undefined]);
  });

  it("says five obstacles, and how many more there are", () => {
    const text = `FROM a\n${"RUN x\n".repeat(7)}`;
    assert.match(obstaclesOf(text), /^line 2: RUN; .*line 6: RUN; and 2 more$/);
  });
});
