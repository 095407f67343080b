import assert from "node:assert/strict";
import { IgnoreList, InvalidPatternError, type Scope } from "../../../src/core/context/dockerignore/ignoreList";
import {
  parseIgnoreFile,
  type ContextBuilder,
  type IgnorePattern,
} from "../../../src/core/context/dockerignore/parseIgnoreFile";
import { seededRandom } from "./support";

/** A folder in memory: names with what is in them, nothing for a file. */
interface Tree {
  readonly [name: string]: Tree | undefined;
}

/** What a list lets in, or how far it gets before it must try a bad pattern. */
interface Outcome {
  readonly paths: readonly string[];
  readonly failed: boolean;
}

const rounds = 2000;
const seed = Number(process.env.TEST_SEED ?? Date.now() % 1e9);

describe(`the fast engine agrees with the rules written plainly (TEST_SEED=${seed})`, () => {
  for (const builder of ["buildkit", "classic"] as const) {
    it(`for ${rounds} random lists and trees, by ${builder}`, function () {
      this.timeout(60_000);
      const random = seededRandom(seed);
      let excluding = 0;
      for (let round = 0; round < rounds; round++) {
        const tree = randomTree(random, 3);
        const text = Array.from({ length: 1 + Math.floor(random() * 5) }, () => randomLine(random)).join("\n");
        const { patterns, problems } = parseIgnoreFile(Buffer.from(text), builder);
        if (problems.length > 0) continue;
        const expected = plainly(patterns, tree, builder);
        assert.deepEqual(fast(patterns, tree, builder), expected, `${JSON.stringify(text)} on ${JSON.stringify(tree)}`);
        if (expected.paths.length < allPaths(tree).length) excluding++;
      }
      assert.ok(excluding > rounds / 4, `only ${excluding} lists excluded anything`);
    });
  }
});

function fast(patterns: readonly IgnorePattern[], tree: Tree, builder: ContextBuilder): Outcome {
  const list = new IgnoreList(patterns, builder);
  const paths: string[] = [];
  const visit = (folder: Tree, scope: Scope): void => {
    for (const name of Object.keys(folder).sort()) {
      const below = folder[name];
      const { excluded, inside } = list.decide(scope, name, below !== undefined);
      if (!excluded) paths.push(scope.prefix + name);
      if (below && inside) visit(below, inside);
    }
  };
  try {
    visit(tree, list.root);
    return { paths, failed: false };
  } catch (error) {
    assert.ok(error instanceof InvalidPatternError, String(error));
    return { paths, failed: true };
  }
}

/** Whole paths, one regular expression a line, an array of hits a folder: nothing is saved. */
function plainly(patterns: readonly IgnorePattern[], tree: Tree, builder: ContextBuilder): Outcome {
  const paths: string[] = [];
  const visit = (folder: Tree, prefix: string, parentHits: readonly boolean[]): void => {
    for (const name of Object.keys(folder).sort()) {
      const path = prefix + name;
      let excluded = false;
      const hits = patterns.map(({ text, exception }, i) => {
        const hit = parentHits[i] === true || (exception === excluded && plainMatch(text, path));
        if (hit) excluded = !exception;
        return hit;
      });
      if (!excluded) paths.push(path);
      const below = folder[name];
      if (below && !(excluded && plainPrune(patterns, path, builder))) visit(below, `${path}/`, hits);
    }
  };
  try {
    visit(tree, "", []);
    return { paths, failed: false };
  } catch (error) {
    assert.ok(error instanceof SyntaxError, String(error));
    return { paths, failed: true };
  }
}

function plainPrune(patterns: readonly IgnorePattern[], directory: string, builder: ContextBuilder): boolean {
  const exceptions = patterns.filter(({ exception }) => exception).map(({ text }) => text);
  if (builder === "classic") return !exceptions.some((text) => `${text}/`.startsWith(`${directory}/`));
  const cut = exceptions
    .map((text) => (text.endsWith("/**") ? text.slice(0, -3) : text))
    .map((text) => (text.endsWith("/*") ? text.slice(0, -2) : text));
  return !cut.some((text) => /[*?[\]^\\]/.test(text)) && !cut.some((text) => `${text}/`.startsWith(`${directory}/`));
}

function plainMatch(pattern: string, path: string): boolean {
  if (!/[*?[\]\\]/.test(pattern)) return path === pattern;
  if (/^[^*?[\]\\]+\*\*$/.test(pattern)) return path.startsWith(pattern.slice(0, -2));
  if (/^\*\*[^*?[\]\\]*$/.test(pattern))
    return path.endsWith(pattern.slice(2)) || (pattern[2] === "/" && path === pattern.slice(3));
  const source = pattern.replace(/\\[^]|\*\*\/?$|\*\*\/?|\*|\?|[.+()$]/g, (token, at: number) => {
    if (token.startsWith("\\")) return token;
    if (token.startsWith("**")) return at + token.length === pattern.length ? ".*" : "(.*/)?";
    return { "*": "[^/]*", "?": "[^/]" }[token] ?? `\\${token}`;
  });
  return new RegExp(`^${source}$`).test(path);
}

function allPaths(tree: Tree, prefix = ""): string[] {
  return Object.entries(tree).flatMap(([name, below]) => [
    prefix + name,
    ...(below ? allPaths(below, `${prefix}${name}/`) : []),
  ]);
}

function randomTree(random: () => number, depth: number): Tree {
  const tree: Record<string, Tree | undefined> = {};
  for (let i = 0; i < 1 + random() * 4; i++)
    tree[randomName(random)] = depth > 0 && random() < 0.6 ? randomTree(random, depth - 1) : undefined;
  return tree;
}

function randomName(random: () => number): string {
  return pick(random, ["a", "b", "ab", "aab", "ba", "a.b", "abc", "x", "c.a", "a+b", "ä"]);
}

function randomLine(random: () => number): string {
  const tokens = [
    "a",
    "b",
    "ab",
    "*",
    "*",
    "**",
    "?",
    "/",
    "/",
    ".",
    "[ab]",
    "[^a]",
    "[!b]",
    "a{2}",
    "a|b",
    "+",
    "\\.",
    "**/",
    "/**",
    "/*",
    "x",
  ];
  const bad = random() < 0.03 ? pick(random, ["a*[", "[z-a]", "x*{2}"]) : "";
  const body =
    random() < 0.3
      ? [randomName(random), pick(random, ["/", "/**/", ""]), randomName(random)]
      : Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(random, tokens));
  return (random() < 0.35 ? "!" : "") + body.join("") + bad;
}

function pick<T>(random: () => number, from: readonly T[]): T {
  const item = from[Math.floor(random() * from.length)];
  assert.ok(item !== undefined);
  return item;
}
