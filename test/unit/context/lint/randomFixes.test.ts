import assert from "node:assert/strict";
import { parseIgnoreFile } from "../../../../src/core/context/dockerignore/parseIgnoreFile";
import { evaluate, Evaluator } from "../../../../src/core/context/evaluation/evaluator";
import type { Evaluation } from "../../../../src/core/context/evaluation/evaluation";
import type { PathTree } from "../../../../src/core/context/tree/pathTree";
import type { Finding } from "../../../../src/core/context/lint/state/finding";
import { lint } from "../../../../src/core/context/lint/lint";
import { clutterOf, secretKindOf } from "../../../../src/core/context/lint/state/names";
import { offeredFixes, type OfferedFix } from "../../../../src/core/context/lint/fixes/offeredFixes";
import { copySources } from "../../../../src/core/dockerfile/copySources";
import { fuzzSeed } from "../../../support/fuzz";
import { volume } from "../../../support/volume";
import { seededRandom } from "../support";
import { treeOf } from "./support";

const names =
  "src lib app config redis data docs test build dist node_modules .git __pycache__ vendor web api conf logs tmp".split(
    " ",
  );
const ends = (
  "main.js a.py index.ts README.md notes.md .env .env.example server.key id_rsa " +
  "x.log data.csv Makefile a.pyc ollama"
).split(" ");
const idioms = [
  "*\n!src\nsrc/*\n!src/app",
  "*\n!package.json\n!src",
  "**/.env\n**/*.key",
  "**/node_modules\n**/dist",
  "node_modules\n.git\n*.log",
  "**\n!lib/**",
  "*.md\n!README.md",
  "config\nredis\ndata*",
  "!src/main.js\n**/*.js",
  "**/secrets\n!secrets.example",
  "**/*.test-(u|a|i).[jt]s",
  "*.{js,ts}",
  "src\\app",
  "src # sources",
  "/project/src",
  "./build",
  "a[",
  "Src",
];

interface Drawn {
  readonly text: string;
  readonly files: readonly string[];
  readonly dockerfile: string;
  /** Files that are not there and that may come. */
  readonly coming: readonly string[];
}

/** Draws a folder with its ignore file and its Dockerfile. */
class Draw {
  constructor(private readonly random: () => number) {}

  next(): Drawn {
    const files = ["Dockerfile", ".dockerignore", ...this.#some(1, 14, () => this.#file())];
    const text = this.#some(1, 8, () => this.#line(files)).join("\n") + this.#pick(["\n", "", "\r\n"]);
    const copies = this.#some(1, 3, () => `${this.#pick(["COPY", "ADD"])} ${this.#source(files)} /x/`);
    const dockerfile = [
      "FROM a AS one",
      ...copies,
      ...(this.#chance(0.2) ? ["FROM b", "COPY --from=one /x /"] : []),
    ].join("\n");
    return { text, files, dockerfile, coming: this.#some(5, 20, () => this.#file()) };
  }

  #line(files: readonly string[]): string {
    const idiom = this.#chance(0.3);
    if (idiom) return this.#pick(idioms);
    const path = this.#chance(0.6) ? this.#part(this.#pick(files)) : this.#file();
    const wild = this.#chance(0.3)
      ? path.replace(/[^/]+$/, (name) => this.#pick(["*", `*${name.slice(1)}`, `${name.slice(0, 2)}*`, "**"]))
      : path;
    return this.#pick(["", "", "", "!", "**/", "/", "./", "!**/"]) + wild + this.#pick(["", "", "", "/", "/**", "/*"]);
  }

  #source(files: readonly string[]): string {
    const path = this.#part(this.#pick(files));
    return this.#pick([
      ".",
      path,
      path,
      path.replace(/[^/]+$/, "*"),
      path.replace(/^[^/]*\./, "*."),
      `${this.#pick(names)}`,
    ]);
  }

  #part(path: string): string {
    const parts = path.split("/");
    return parts.slice(0, 1 + Math.floor(this.random() * parts.length)).join("/");
  }

  #file(): string {
    return [...this.#some(0, 3, () => this.#pick(names)), this.#pick(ends)].join("/");
  }

  #some<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + Math.floor(this.random() * (most - least + 1)) }, make);
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  #chance(share: number): boolean {
    return this.random() < share;
  }
}

const evaluated = (text: string, tree: PathTree): Promise<Evaluation> =>
  evaluate(parseIgnoreFile(Buffer.from(text), "buildkit").patterns, tree, { builder: "buildkit" });

const sentFiles = (evaluation: Evaluation): Set<string> =>
  new Set(
    [...evaluation.tree.ids()]
      .filter((id) => !evaluation.tree.isDirectory(id) && evaluation.isSent(id))
      .map((id) => evaluation.tree.pathOf(id)),
  );

/** A path that ends at a source, or lies in it; wildcards are those of the draws. */
function isOf(source: string, path: string): boolean {
  const parts = source.split("/").map((part) => part.replace(/[.]/g, "\\.").replace(/\*/g, "[^/]*"));
  return new RegExp(`^${parts.join("/")}(/|$)`).test(path);
}

/** What a fix promises by its title, against what it does. */
async function check({ text, files, dockerfile, coming }: Drawn, fix: OfferedFix): Promise<void> {
  const tree = treeOf(files);
  const [before, after] = [await evaluated(text, tree), await evaluated(fix.text, tree)];
  const [old, now] = [sentFiles(before), sentFiles(after)];
  const gone = [...old].filter((path) => !now.has(path));
  const come = [...now].filter((path) => !old.has(path));
  const { title } = fix;
  // The title tells each change, with how many files it is and the first of them.
  assert.equal(
    /stops sending/.test(title),
    gone.length > 0 || fix.effect.stopsSending.folders > 0,
    "what stops is said",
  );
  assert.equal(
    /starts sending/.test(title),
    come.length > 0 || fix.effect.startsSending.folders > 0,
    "what starts is said",
  );
  for (const path of [...gone, ...come].slice(0, 1)) assert.ok(title.includes(`"${path}"`), `${path} is said`);
  assert.ok(after.emptied.length <= before.emptied.length, "no file arrives empty");

  for (const { path, isWildcard } of copySources(dockerfile)) {
    if (path === undefined || path === "") continue;
    const left = (evaluation: Evaluation): number[] =>
      [...tree.ids()].filter((id) => evaluation.isSent(id) && isOf(path, tree.pathOf(id)));
    const isThere = tree.find(path) !== undefined && before.isSent(tree.find(path) ?? 0);
    if (!isWildcard && isThere) assert.ok(after.isSent(tree.find(path) ?? 0), `COPY ${path} keeps its source`);
    if (isWildcard && left(before).length > 0) assert.ok(left(after).length > 0, `COPY ${path} keeps a source`);
  }
  // A secret or clutter is let in by no more than its own name.
  for (const path of come) {
    const isSecret = secretKindOf(path) !== undefined;
    const folder = path
      .split("/")
      .slice(0, -1)
      .find((name) => clutterOf(name, true));
    if (isSecret) assert.ok(title.includes(path) || dockerfile.includes(path), `${path} is let in by its name`);
    if (folder !== undefined)
      assert.ok(title.includes(folder) || dockerfile.includes(folder), `${path} is let in by its name`);
  }
  // Of files that come later, those that another line keeps out by itself stay out where lines are added or moved.
  const future = treeOf(coming.filter((path) => tree.find(path) === undefined));
  const [wasLater, isLater] = [sentFiles(await evaluated(text, future)), sentFiles(await evaluated(fix.text, future))];
  const comesLater = [...isLater].filter((path) => !wasLater.has(path));
  if (comesLater.length > 0)
    assert.ok(
      /would be sent|starts sending|"!|^Delete line \d+ of|^Replace with/.test(title),
      `that ${comesLater[0] ?? ""} would be sent is said`,
    );
  const goesLater = [...wasLater].filter((path) => !isLater.has(path));
  if (goesLater.length > 0)
    assert.ok(
      /would not be sent|^Add "|^Replace with|^Create|^Move the comment/.test(title),
      `that ${goesLater[0] ?? ""} would not be sent is said`,
    );
}

describe("fixes of ignore files made at random", () => {
  const seed = fuzzSeed();

  it("do what their titles say and nothing else", async () => {
    const draw = new Draw(seededRandom(seed));
    const counts = new Map<string, number>();
    let [offered, findings] = [0, 0];
    for (let turn = 0; turn < volume(60, 10_000); turn++) {
      const drawn = draw.next();
      const dockerfiles = [{ file: "Dockerfile", text: drawn.dockerfile }];
      const input = { builder: "buildkit" as const, evaluator: new Evaluator(treeOf(drawn.files)), dockerfiles };
      const found = await lint(drawn.text, input);
      findings += found.length;
      for (const finding of found) {
        for (const fix of await offeredFixes(finding, drawn.text)) {
          offered++;
          counts.set(finding.code, (counts.get(finding.code) ?? 0) + 1);
          try {
            await check(drawn, fix);
            const after = await lint(fix.text, { ...input, evaluator: new Evaluator(treeOf(drawn.files)) });
            const isSame = (each: Finding): boolean =>
              each.code === finding.code && each.message === finding.message && each.file === finding.file;
            // A line that says the same as another may take its place.
            const isLess = after.filter(isSame).length < found.filter(isSame).length;
            const line = finding.file === "Dockerfile" ? "" : drawn.text.split(/\r?\n/)[finding.range.line - 1];
            const isTwice = drawn.text.split(/\r?\n/).filter((each) => each === line).length > 1;
            assert.ok(isLess || isTwice || /^Delete/.test(fix.title), "the finding is gone");
          } catch (error) {
            const told = {
              seed,
              turn,
              code: finding.code,
              message: finding.message,
              title: fix.title,
              after: fix.text,
              ...drawn,
            };
            throw new Error(`${String(error)}\n${JSON.stringify(told, undefined, 1)}`, { cause: error });
          }
        }
      }
    }
    console.log(`      seed ${seed}: ${offered} fixes of ${findings} findings, of ${counts.size} kinds`);
    assert.ok(offered > 100 && counts.size >= 10, `only ${offered} fixes of ${counts.size} kinds`);
  }).timeout(volume(300_000, 14_400_000));
});
