import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { specHover } from "../../../src/core/image/spec/specHover";
import { specProposals } from "../../../src/core/image/spec/specProposals";
import { fixtures, fuzz, fuzzSeed, Mutator } from "../../support/fuzz";
import { volume } from "../../support/volume";
import { seededRandom } from "../context/support";

describe("a fuzz of image specs", () => {
  const seed = fuzzSeed();

  it("finds nothing that the editor stops at or waits for", async () => {
    const mutator = new Mutator(seededRandom(seed), [...fixtures("specs")]);
    let turn = 0;
    await fuzz(
      "specs",
      seed,
      volume(300, 20_000),
      () => mutator.next(),
      (text) => {
        const [before, after] = [text.slice(0, text.length / 2), text.slice(text.length / 2)];
        // One after the other, so that the budget is for one.
        if (turn++ % 4 === 0) specProposals(before, after, { secrets: [], refNames: [] });
        else specHover(readImageSpec(text, turn % 3 === 0 ? "a.image.json" : "a.image.yaml").root, 3, 5);
      },
    );
  }).timeout(volume(120_000, 7_200_000));
});
