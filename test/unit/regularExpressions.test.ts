import assert from "node:assert/strict";
import { collectRegularExpressions, type Found } from "../../scripts/regularExpressions/collect.mjs";
import { budgetMs, fullLength, Trial } from "../../scripts/regularExpressions/trial.mjs";
import { attacksOn, textOfLength, type Attack } from "../support/attacks";
import { slack } from "../support/workTime";

/** The slowest text at full length, and how long it takes. */
function worst({ source, flags, splits }: Pick<Found, "source" | "flags" | "splits">): { ms: number; attack?: Attack } {
  const expression = new RegExp(source, flags);
  const trial = new Trial(expression, splits);
  let slowest: { ms: number; attack?: Attack } = { ms: 0 };
  for (const attack of attacksOn(expression)) {
    // A shorter text tells what is exponential or quadratic, and spares the wait.
    for (const length of [fullLength / 8, fullLength]) {
      const ms = trial.ms(textOfLength(attack, length));
      if (ms > slowest.ms) slowest = { ms, attack };
      if (ms > budgetMs) return slowest;
    }
  }
  return slowest;
}

describe("regular expressions", function () {
  this.timeout(300_000);
  let found: readonly Found[];

  before(() => {
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
      return ms > budgetMs * slack ? [`${each.places.join(", ")}: /${each.source}/${each.flags} takes ${ms} ms on ${JSON.stringify(attack)}`] : [];
    });
    assert.deepEqual(slow, []);
  });
});
