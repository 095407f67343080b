import assert from "node:assert/strict";
import { createContext, Script } from "node:vm";
import { attacksOn, textOfLength, type Attack } from "../support/attacks";
import { leastMs } from "../support/leastMs";

/** The budget of foreign text on the editor's thread. */
const budgetMs = 50;
const largest = 100_000;
/** An expression that runs for longer is stopped. */
const limitMs = 2_000;

interface Found {
  readonly source: string;
  readonly flags: string;
  readonly splits: boolean;
  readonly places: readonly string[];
}

/** Uses an expression as the product does; a search without end is cut off. */
class Trial {
  readonly #context = createContext({});
  readonly #script: Script;

  constructor(expression: RegExp, splits: boolean) {
    Object.assign(this.#context, { expression, text: "" });
    const use = splits ? "text.split(expression).length" : expression.global ? "text.replace(expression, '').length" : "expression.exec(text)";
    this.#script = new Script(`expression.lastIndex = 0; ${use}`);
  }

  /** @returns Infinity for what had to be stopped */
  ms(text: string): number {
    this.#context["text"] = text;
    const begin = performance.now();
    try {
      this.#script.runInContext(this.#context, { timeout: limitMs });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return Infinity;
      // So deep a search ends by itself, in linear time.
      if (!(error as Error).message.includes("call stack")) throw error;
    }
    return performance.now() - begin;
  }
}

/** The slowest text at full length, and how long it takes. */
function worst({ source, flags, splits }: Pick<Found, "source" | "flags" | "splits">): { ms: number; attack?: Attack } {
  const expression = new RegExp(source, flags);
  const trial = new Trial(expression, splits);
  let slowest: { ms: number; attack?: Attack } = { ms: 0 };
  for (const attack of attacksOn(expression)) {
    // A shorter text tells what is exponential or quadratic, and spares the wait.
    for (const length of [largest / 8, largest]) {
      const text = textOfLength(attack, length);
      const once = trial.ms(text);
      const ms = once <= budgetMs ? once : once === Infinity ? once : leastMs(() => trial.ms(text), budgetMs);
      if (ms > slowest.ms) slowest = { ms, attack };
      if (ms > budgetMs) return slowest;
    }
  }
  return slowest;
}

describe("regular expressions", function () {
  this.timeout(300_000);
  let found: readonly Found[];

  before(async () => {
    // Plain JavaScript, because `npm run check:regex` runs it too.
    const { collectRegularExpressions } = (await import("../../scripts/regularExpressions/collect.mjs" as string)) as { collectRegularExpressions(): { found: Found[] } };
    ({ found } = collectRegularExpressions());
  });

  it("are found in the syntax trees", () => {
    assert.ok(found.length > 300, String(found.length));
    assert.ok(found.some(({ places }) => places.some((place) => place.startsWith("src/core/imageReference.ts:"))));
  });

  for (const [name, expression] of Object.entries({ quadratic: /\s+$/, exponential: /^\|\d+ (?:\S+=\S* )*sh/, search: /status.*: 5\d\d/ })) {
    it(`that take ${name} time are noticed`, () => {
      const { source, flags } = expression;
      assert.ok(worst({ source, flags, splits: false }).ms > budgetMs);
    });
  }

  it(`take no more than ${budgetMs} ms for 100 kB, whatever the text`, () => {
    const slow = found.flatMap((each) => {
      const { ms, attack } = worst(each);
      return ms > budgetMs ? [`${each.places.join(", ")}: /${each.source}/${each.flags} takes ${ms} ms on ${JSON.stringify(attack)}`] : [];
    });
    assert.deepEqual(slow, []);
  });
});
