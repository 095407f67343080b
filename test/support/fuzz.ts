import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { howSlow, slack } from "./workTime";

/** What fools parsers of every kind. */
const hostile = [
  ..."\\\"'`{}[]()<>*?!#$|^&%@=,;:/~-+\t\r\n\0\u00e9\u2028\ufeff\ud800",
  ...[
    "{a,b}",
    "{1,1000}",
    "[!",
    "[^",
    "[[:alpha:]]",
    "\\p{",
    "**/",
    "../",
    "/**",
    "!!",
    "${A:-",
    "$A",
    "<<EOF",
    "<<",
    "&a ",
    "*a ",
    "<<: *a",
    "? ",
    "- ",
    "!!binary ",
    "|\n",
    ">\n",
    "---\n",
    "%YAML 1.2\n",
    "\r\n",
    "  ",
    "\u001b[",
    "AS ",
    "FROM ",
    "ENV A=$A$A\n",
    "COPY ",
    "--from=",
    "--mount=type=secret,",
    "ARG ",
    "a==b ",
    "@ ",
    ";",
  ],
];
/** The length that the budget is for, in characters, and the budget. */
const fullLength = 100_000;
const budgetMs = 50;
/** How often it is looked how busy the machine is. */
const calibrateEvery = 500;
/**
 * How often a work that seems too slow is tried again: the garbage of all works before may be collected in any one of
 * them.
 */
const retries = 4;

/** The files of a folder of fixtures. */
export function fixtures(folder: string, end = ""): string[] {
  const path = join(import.meta.dirname, "../fixtures", folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(end))
    .map((name) => readFileSync(join(path, name), "utf8"));
}

/** Changes a real text at some places: most stay small, some grow to the length that the budget is for. */
export class Mutator {
  constructor(
    private readonly random: () => number,
    private readonly seeds: readonly string[],
  ) {}

  next(): string {
    let text = this.pick(this.seeds);
    for (let changes = 1 + this.#below(8); changes > 0; changes--) text = this.#changed(text);
    return text.slice(0, fullLength);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T;
  }

  #changed(text: string): string {
    const from = this.#below(text.length + 1);
    const to = Math.min(text.length, from + this.#below(this.#below(60) + 1));
    const [before, part, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
    switch (this.#below(8)) {
      case 0:
        return before + after;
      case 1:
        return before + this.pick(hostile) + after;
      case 2:
        return before + this.pick(hostile) + part + this.pick(hostile) + after;
      case 3:
        return before + this.#pumped(part || this.pick(hostile)) + after;
      case 4:
        return before + this.#pumped(this.pick(hostile) + this.pick(hostile)) + after;
      case 5:
        return this.#withoutLine(text);
      case 6:
        return before + this.pick(this.seeds).slice(from);
      default:
        return before + String.fromCharCode(this.#below(this.#below(2) === 0 ? 128 : 65_536)) + part + after;
    }
  }

  /** Now and then so long that nothing but linear work is in time. */
  #pumped(part: string): string {
    const times = [2, 3, 5, 20, 45, 200, this.#below(20) === 0 ? fullLength : 2][this.#below(7)] ?? 2;
    return part.repeat(Math.max(1, Math.min(times, Math.floor(fullLength / part.length))));
  }

  #withoutLine(text: string): string {
    const lines = text.split("\n");
    lines.splice(this.#below(lines.length), 1);
    return lines.join("\n");
  }

  #below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
}

/** What a fuzz found out. */
export interface FuzzFacts {
  readonly inputs: number;
  readonly worstMs: number;
  readonly worstLength: number;
  readonly peakMiB: number;
}

/** Tries many texts. None may throw, or keep the thread for longer than its budget. */
export async function fuzz(
  kind: string,
  seed: number,
  inputs: number,
  next: () => string,
  work: (text: string) => void | Promise<void>,
): Promise<FuzzFacts> {
  let [worstMs, worstLength, peak, slowness] = [0, 0, 0, 1];
  for (let i = 0; i < inputs; i++) {
    if (i % calibrateEvery === 0) slowness = howSlow();
    const text = next();
    const allowed = budgetMs * Math.max(1, text.length / fullLength) * slowness * slack;
    try {
      const ms = await leastMs(() => work(text), allowed);
      if (ms > worstMs) [worstMs, worstLength] = [ms, text.length];
      assert.ok(ms <= allowed, `took ${ms.toFixed(0)} ms of ${allowed.toFixed(0)}`);
    } catch (error) {
      throw new Error(`${kind} ${i} of seed ${seed}: ${String(error)}\n${JSON.stringify(text).slice(0, 2000)}`, {
        cause: error,
      });
    }
    if (i % 50 === 0) peak = Math.max(peak, process.memoryUsage().rss);
  }
  const facts = { inputs, worstMs, worstLength, peakMiB: Math.round(peak / 2 ** 20) };
  console.log(
    `      ${inputs} ${kind} (seed ${seed}): ` +
      `worst ${worstMs.toFixed(1)} ms for ${worstLength} characters, peak ${facts.peakMiB} MiB of the process`,
  );
  return facts;
}

async function leastMs(work: () => void | Promise<void>, allowed: number): Promise<number> {
  let least = Infinity;
  for (let run = 0; run <= retries && least > allowed; run++) least = Math.min(least, await longestStretchMs(work));
  return least;
}

/**
 * How long a work keeps the thread from anything else, at most; the time of others on a busy machine does not count.
 */
async function longestStretchMs(work: () => void | Promise<void>): Promise<number> {
  let longest = 0;
  let [begin, before] = [performance.now(), process.cpuUsage()];
  const takeTime = (): void => {
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, Math.min(performance.now() - begin, (user + system) / 1000));
    [begin, before] = [performance.now(), process.cpuUsage()];
  };
  const done = work();
  takeTime();
  if (!done) return longest;
  let isDone = false;
  const end = (): void => void (isDone = true);
  done.then(end, end);
  while (!isDone) {
    await new Promise(setImmediate);
    takeTime();
  }
  await done;
  return longest;
}

/** The seed of this run. */
export function fuzzSeed(): number {
  return Number(process.env["IMAGE_BUILDERS_FUZZ_SEED"] ?? Date.now() % 2 ** 31);
}
