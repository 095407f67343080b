import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IgnoreList, InvalidPatternError } from "../../../src/core/context/dockerignore/ignoreList";
import { parseIgnoreFile } from "../../../src/core/context/dockerignore/parseIgnoreFile";
import { parseZenmlIgnoreFile } from "../../../src/core/context/dockerPy/parseZenmlIgnoreFile";
import { Evaluator } from "../../../src/core/context/evaluation/evaluator";
import { PathTree } from "../../../src/core/context/tree/pathTree";
import { patternInWords } from "../../../src/core/context/explain/patternInWords";
import { translateLine } from "../../../src/core/context/gitignore/translateLine";
import { lint } from "../../../src/core/context/lint/lint";
import { fixtures, fuzz, fuzzSeed, Mutator } from "../../support/fuzz";
import { volume } from "../../support/volume";
import { seededRandom } from "../context/support";

const paths = [
  "README.md",
  "node_modules/a/index.js",
  "src/app.py",
  "src/deep/a.log",
  ".env",
  ".git/HEAD",
  "web/dist/main.js",
  "secrets/key.pem",
  `long/${"a".repeat(200)}.txt`,
  "a b/ü.md",
];

interface Case {
  readonly dockerignore: string;
}

/** What a build does with an ignore file: reads it and judges each path. */
function judge(bytes: Buffer, builder: "buildkit" | "classic"): void {
  const { patterns, problems } = parseIgnoreFile(bytes, builder);
  if (problems.length > 0) return;
  const list = new IgnoreList(patterns, builder);
  for (const path of paths) {
    const names = path.split("/");
    try {
      for (let i = 0, scope: IgnoreList["root"] | undefined = list.root; scope && i < names.length; i++)
        scope = list.decide(scope, names[i] ?? "", i + 1 < names.length).inside;
    } catch (error) {
      if (!(error instanceof InvalidPatternError)) throw error;
    }
  }
}

describe("a fuzz of ignore files", () => {
  const seed = fuzzSeed();
  const cases = JSON.parse(
    readFileSync(join(import.meta.dirname, "../../fixtures/dockerignore-cases.json"), "utf8"),
  ) as Case[];
  const seeds = [
    ...fixtures("ignore-files"),
    ...cases.map(({ dockerignore }) => dockerignore).filter((text) => text !== ""),
  ];

  it("finds nothing that builds stop at or wait for", async () => {
    const mutator = new Mutator(seededRandom(seed), seeds);
    let turn = 0;
    await fuzz(
      "ignore files",
      seed,
      volume(400, 100_000),
      () => mutator.next(),
      (text) => {
        const bytes = Buffer.from(text);
        // One after the other, so that the budget is for one.
        if (turn++ % 3 === 2) parseZenmlIgnoreFile(bytes);
        else judge(bytes, turn % 2 === 0 ? "classic" : "buildkit");
      },
    );
  }).timeout(volume(120_000, 7_200_000));

  it("finds nothing that the editor stops at or waits for", async () => {
    const mutator = new Mutator(seededRandom(seed + 1), seeds);
    const tree = new PathTree();
    for (const path of paths) tree.add(path, "file", 10);
    const evaluator = new Evaluator(tree);
    await fuzz(
      "ignore files in an editor",
      seed + 1,
      volume(100, 10_000),
      () => mutator.next().slice(0, 10_000),
      async (text) => {
        await lint(text, { builder: "buildkit" });
        await lint(text, { builder: "buildkit", evaluator });
        for (const line of text.split("\n").slice(0, 50)) {
          translateLine({ file: { name: ".gitignore", folder: "", text }, text: line }, "");
          patternInWords(line);
        }
      },
    );
  }).timeout(volume(120_000, 7_200_000));

  it("finds no path that is slow to match", async () => {
    const mutator = new Mutator(seededRandom(seed + 2), [
      "*a?b[c]{2}",
      "**/a*b/**",
      "[a-z]{1,1000}",
      "*a{999}",
      "a|b|*c",
      "?{1000}?{1000}",
    ]);
    const names = ["a".repeat(255), "ab".repeat(127), "b/".repeat(1000), paths.join("/")];
    await fuzz(
      "patterns",
      seed + 2,
      volume(200, 20_000),
      () => mutator.next().slice(0, 2000),
      (text) => {
        const { patterns } = parseIgnoreFile(Buffer.from(text), "buildkit");
        const list = new IgnoreList(patterns.slice(0, 20), "buildkit");
        for (const { line } of list.root.lines)
          if (line.automaton) for (const name of names) line.automaton.run(line.automaton.start, name);
        if (patterns[0]) patternInWords(patterns[0].text);
      },
    );
  }).timeout(volume(120_000, 7_200_000));
});
