import assert from "node:assert/strict";
import { factsOfPath, type PathFacts } from "../../../../src/core/context/explain/pathFacts";
import { stateOf } from "../overview/support";

/** What decides on a path, in one line. */
function summary({ isSent, sent, total, decider, decidedAt }: PathFacts): string {
  const by = decider ? ` by ${decider.line} "${decider.text}" at ${decidedAt ?? ""}` : "";
  return `${isSent ? "sent" : "out"} ${sent.files}/${total.files}${by}`;
}

const files = ["Dockerfile", "src/a.js=1", "src/b.js=2", "src/test/c.js=4", "data/x.csv=8", "data/keep/y.csv=16"];
const table: readonly (readonly [text: string, path: string, said: string])[] = [
  ["", "src/a.js", "sent 1/1"],
  ["src\n", "src/test/c.js", 'out 0/1 by 1 "src" at src'],
  ["src\n", "src", 'out 0/3 by 1 "src" at src'],
  ["**/test\n", "src", "sent 2/3"],
  ["*\n!src\n", "src/a.js", 'sent 1/1 by 2 "!src" at src'],
  ["data\n!data/keep\n", "data", 'sent 1/2 by 1 "data" at data'],
  ["data\n!data/keep\n", "data/keep/y.csv", 'sent 1/1 by 2 "!data/keep" at data/keep'],
  ["data\n!other\n", "data/keep/y.csv", 'out 0/1 by 1 "data" at data'],
  ["*.csv\n", "", "sent 6/6"],
];

describe("why a path is sent or not", () => {
  for (const [text, path, said] of table) {
    it(`${JSON.stringify(text)} on "${path}": ${said}`, async () => {
      const facts = await factsOfPath(stateOf({ files, text }), path);
      assert.equal(facts && summary(facts), said);
    });
  }

  it("is nothing for what is not there", async () => {
    assert.equal(await factsOfPath(stateOf({ files }), "src/gone.js"), undefined);
  });

  for (const [what, text] of [
    ["that builders refuse", "docs\n[bad\n"],
    ["that fails with these files", "docs\nsrc\\yy\n"],
  ] as const) {
    it(`names the line ${what}, because nothing is sent`, async () => {
      assert.equal((await factsOfPath(stateOf({ files, text }), "src/a.js"))?.stopsAt, 2);
    });
  }

  it("names no such line where builds go on", async () => {
    assert.equal((await factsOfPath(stateOf({ files, text: "docs\n!src\n" }), "src/a.js"))?.stopsAt, undefined);
  });

  it("names the line that lets BuildKit send a file empty", async () => {
    const facts = await factsOfPath(
      stateOf({ files: ["data/sample.csv=3"], text: "*\n!data/sample.csv\ndata\n" }),
      "data/sample.csv",
    );
    assert.deepEqual([facts?.isSent, facts?.emptiedBy?.line], [true, 3]);
  });

  it("tells what is always included", async () => {
    const facts = await factsOfPath(
      stateOf({ files: [".zen/config"], text: "*\n", alwaysInclude: [".zen"] }),
      ".zen/config",
    );
    assert.deepEqual([facts?.isSent, facts?.isAlwaysIncluded, facts?.decider], [true, true, undefined]);
  });

  it("finds the instructions that take it, or a part of it", async () => {
    const dockerfiles = {
      Dockerfile: "FROM a\nCOPY src/a.js /\nCOPY src/t* /\nCOPY *.md /\nRUN --mount=type=bind,source=data true\n",
    };
    const takers = async (path: string): Promise<string[]> => {
      const facts = await factsOfPath(stateOf({ files, dockerfiles }), path);
      return (facts?.copies ?? []).map(
        ({ source, isPart }) => `${source.keyword} ${source.path ?? ""}${isPart ? " (part)" : ""}`,
      );
    };
    assert.deepEqual(await takers("src/a.js"), ["COPY src/a.js"]);
    assert.deepEqual(await takers("src"), ["COPY src/a.js (part)", "COPY src/t* (part)"]);
    assert.deepEqual(await takers("src/test/c.js"), ["COPY src/t*"]);
    assert.deepEqual(await takers("data/keep"), ["RUN data"]);
    assert.deepEqual(await takers("src/b.js"), []);
    const all = await factsOfPath(stateOf({ files, dockerfiles: { Dockerfile: "FROM a\nCOPY . /\n" } }), "src/b.js");
    assert.deepEqual(
      all?.copies.map(({ isPart }) => isPart),
      [false],
    );
  });

  const parts: readonly (readonly [line: string, folder: string, isPart: boolean])[] = [
    ["COPY packages/*/package.json /", "packages", true],
    ["COPY packages/*/package.json /", "packages/web", true],
    ["COPY packages/*/package.json /", "packages/web/src", false],
    ["COPY packages/*/s?c/a.js /", "packages/web/src", true],
    ["COPY p*/app/x /", "packages/web", false],
    ["COPY --parents packages/**/a.js /", "packages/web", true],
    ["COPY --parents **/a.js /", "packages/web", true],
    ["COPY --parents other/**/a.js /", "packages/web", false],
  ];
  for (const [line, folder, isPart] of parts) {
    it(`${line} ${isPart ? "may take" : "takes nothing"} of what is in ${folder}`, async () => {
      const files = ["packages/web/src/a.js", "packages/web/package.json"];
      const dockerfiles = { Dockerfile: `# syntax=docker/dockerfile:1-labs\nFROM a\n${line}\n` };
      const facts = await factsOfPath(stateOf({ files, dockerfiles }), folder);
      assert.deepEqual(
        facts?.copies.map((copy) => copy.isPart),
        isPart ? [true] : [],
      );
    });
  }
});
