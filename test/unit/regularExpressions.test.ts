import assert from "node:assert/strict";
import { collectRegularExpressions, type Found } from "../../scripts/regularExpressions/collect.mjs";
import { budgetMs, fullLength, Trial } from "../../scripts/regularExpressions/trial.mjs";
import { attacksOn, textOfLength, type Attack } from "../support/attacks";
import { slack } from "../support/workTime";

interface Slowest {
  readonly ms: number;
  readonly attack?: Attack;
}

/** How many attacks are tried at full length: those that are slowest with a shorter text. */
const mostPromising = 4;

/** The slowest text, and how long it takes; shorter ones tell what is exponential or quadratic, and spare the wait. */
function worst({ source, flags, splits }: Pick<Found, "source" | "flags" | "splits">): Slowest {
  const expression = new RegExp(source, flags);
  const trial = new Trial(expression, splits);
  const timed = (attack: Attack, length: number): Slowest => ({ ms: trial.ms(textOfLength(attack, length)), attack });
  const found: Slowest[] = [];
  for (const attack of attacksOn(expression)) {
    const each = timed(attack, fullLength / 8);
    if (each.ms > budgetMs) return each;
    found.push(each);
  }
  const slowest = found.sort((a, b) => b.ms - a.ms).slice(0, mostPromising);
  return slowest
    .flatMap(({ attack }) => (attack ? timed(attack, fullLength) : []))
    .reduce((a, b) => (a.ms > b.ms ? a : b), { ms: 0 });
}

describe("regular expressions", function () {
  this.timeout(300_000);
  let found: readonly Found[];

  before(() => {
    ({ found } = collectRegularExpressions());
  });

  it("are found in the syntax trees", () => {
    assert.ok(found.length > 300, String(found.length));
    assert.ok(found.some(({ places }) => places.some((place) => place.startsWith("src/core/base/imageReference.ts:"))));
  });

  for (const [name, expression] of Object.entries({
    quadratic: /\s+$/,
    exponential: /^\|\d+ (?:\S+=\S* )*sh/,
    search: /status.*: 5\d\d/,
  })) {
    it(`that take ${name} time are noticed`, () => {
      const { source, flags } = expression;
      assert.ok(worst({ source, flags, splits: false }).ms > budgetMs);
    });
  }

  it(`take no more than ${budgetMs} ms for 100 kB, whatever the text`, () => {
    const slow = found.flatMap((each) => {
      const { ms, attack } = worst(each);
      return ms > budgetMs * slack
        ? [`${each.places.join(", ")}: /${each.source}/${each.flags} takes ${ms} ms on ${JSON.stringify(attack)}`]
        : [];
    });
    assert.deepEqual(slow, []);
  });
});
