import { projectFiles, projectLines } from "./projects.mjs";
import { Random } from "./random.mjs";
import { randomLine, withTrap, wrongLines } from "./randomLines.mjs";
import { randomTree } from "./randomTrees.mjs";

/**
 * Tree and ignore file: `p` is a file, `p/` an empty directory, `p -> t` a link.
 *
 * @typedef {{ readonly id: string, readonly files: readonly string[], readonly dockerignore: string }} Case
 */

const plain = [
  "a",
  "b",
  "c",
  "foo",
  "bar",
  "foobar",
  "src",
  "lib",
  "node_modules",
  ".git",
  ".env",
  "dist",
  "README.md",
  "x.log",
  "main.py",
  "a.txt",
  "data",
  "tmp",
  "temp1",
];
const odd = [
  "A",
  "Foo",
  "README.MD",
  "a b",
  " lead",
  "trail ",
  "#x",
  "!x",
  "[x]",
  "a[b",
  "a]b",
  "a*b",
  "a?b",
  "a\\b",
  "\\",
  "a+b",
  "a(b)",
  "a|b",
  "a{b}",
  "$a",
  "a$",
  "^a",
  "a^b",
  ".a",
  "..a",
  "...",
  "a.",
  "ä",
  "a\u0308",
  "日本",
  "😀",
  "x😀",
  "a-b",
  "-",
  "b1",
  "a5",
  "a_",
  "5",
  "a\u00a0b",
  "~",
  "a,b",
  "%20",
  "aa",
  "ab",
  "ba",
  "xfoo",
  "foo1",
];
const few = ["a", "b", "c", "ab", "foo", "x.log"];
const hostile = [..."abd1.-[]^!*?\\{}|()+$,:# ", "ä", "😀", "Q", "w"];
const hostilePattern = [
  ...hostile,
  ..."abab///**??[",
  "**",
  "**/",
  "[a",
  "-b]",
  "[^",
  "{1}",
  "{0,1}",
  "{2,}",
  "[[:alpha:]]",
  "\\d",
  "\\w",
  "\\Q",
  "\\E",
  "\\b",
  "\\x61",
  "\\p",
  "..",
  "./",
];

/**
 * Functions that create the tree and ignore file of a case, by kind. @type {Record<string, (random: Random) =>
 * Omit<Case, "id">>}
 */
const profiles = {
  plain: (random) => fromTree(random, plain, { exceptions: 0.3 }),
  order: (random) => fromTree(random, few, { exceptions: 0.45 }),
  exceptions: (random) =>
    fromTree(random, [...few, "src"], { exceptions: 0.55, first: ["*", "**", "**/*", "/*", "*/*", "*/**"] }),
  odd: (random) => fromTree(random, random.chance(0.5) ? odd : [...odd, ...plain], { exceptions: 0.3, traps: 0.5 }),
  wrong: (random) => fromTree(random, [...odd, ...plain], { exceptions: 0.3, traps: 0.3, wrong: true }),
  space: (random) => withSpaces(random, fromTree(random, [...odd, ...plain], { exceptions: 0.3, traps: 0.3 })),
  own: (random) =>
    fromTree(random, plain, {
      exceptions: 0.3,
      first: [
        "Dockerfile",
        "Dockerfile*",
        ".dockerignore",
        ".*",
        "*",
        "D*",
        "!Dockerfile",
        "dockerfile",
        "**/Dockerfile",
      ],
    }),
  hostile: (random) => {
    const names = [
      "a",
      "b",
      "ab",
      "ba",
      ...random.times(14, 14, () => random.times(1, 3, () => random.pick(hostile)).join("")),
    ];
    const lines = random.times(
      1,
      4,
      () => (random.chance(0.3) ? "!" : "") + random.times(1, 6, () => random.pick(hostilePattern)).join(""),
    );
    return {
      files: randomTree(
        random,
        names.filter((name) => name !== "." && name !== ".."),
      ),
      dockerignore: `${random.chance(0.3) ? "*\n" : ""}${lines.join("\n")}\n`,
    };
  },
  project: (random) => {
    const files = new Set([".dockerignore", "Dockerfile", ...random.times(8, 22, () => random.pick(projectFiles))]);
    const first = random.chance(0.35) ? [random.pick(["*", "**", "**/*", "/*"])] : [];
    return {
      files: [...files].sort(),
      dockerignore: `${[...first, ...random.times(2, 10, () => random.pick(projectLines))].join("\n")}\n`,
    };
  },
};

/**
 * Creates random cases of all kinds in rotation.
 *
 * @param {number} seed
 * @param {number} count
 * @returns {Case[]}
 */
export function randomCases(seed, count) {
  const random = new Random(seed);
  const kinds = Object.entries(profiles);
  return Array.from({ length: count }, (_, i) => {
    const [name, make] = /** @type {[string, (random: Random) => Omit<Case, "id">]} */ (kinds[i % kinds.length]);
    return { id: `${seed}-${i}-${name}`, ...make(random) };
  });
}

/**
 * @param {Random} random
 * @param {readonly string[]} names
 * @param {{ exceptions: number, first?: readonly string[], traps?: number, wrong?: boolean }} options
 */
function fromTree(random, names, { exceptions, first, traps = 0, wrong = false }) {
  const files = randomTree(random, names);
  const lines = random.times(1, 7, () => {
    const line = randomLine(random, files, exceptions);
    return random.chance(traps) ? withTrap(random, line) : line;
  });
  if (first && random.chance(0.8)) lines.splice(random.below(2), 0, random.pick(first));
  if (wrong) lines.splice(random.below(lines.length + 1), 0, random.pick(wrongLines));
  return { files, dockerignore: lines.join(random.chance(0.06) ? "\r\n" : "\n") + (random.chance(0.8) ? "\n" : "") };
}

/**
 * @param {Random} random
 * @param {Omit<Case, "id">} made
 */
function withSpaces(random, { files, dockerignore }) {
  const lineEnd = random.pick(["\n", "\r\n", "\n\n", " \n", "\t\r\n", "\r\r\n", "\r"]);
  const start = random.chance(0.4) ? random.pick(["\ufeff", "\ufeff\ufeff", " ", "\n", "\ufeff ", "\ufeff#"]) : "";
  const lines = dockerignore
    .split("\n")
    .map(
      (line) =>
        (random.chance(0.2) ? random.pick([" ", "\t", "\u00a0", "\u0085", "\u3000", "\v", "\ufeff"]) : "") + line,
    );
  return { files, dockerignore: start + lines.join(lineEnd) };
}
