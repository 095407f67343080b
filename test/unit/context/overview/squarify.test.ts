import assert from "node:assert/strict";
import { squarify, type Rectangle } from "../../../../src/core/context/overview/squarify";
import { seededRandom } from "../support";

const area = { x: 10, y: 20, width: 600, height: 400 };
const overlap = (a: Rectangle, b: Rectangle) =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));
const close = (a: number, b: number) => Math.abs(a - b) < 1e-3 * Math.max(1, Math.abs(a), Math.abs(b));

const seed = Number(process.env.TEST_SEED ?? Date.now() % 1e9);

describe(`a squarified division (TEST_SEED=${seed})`, () => {
  it("is that of the paper's example", () => {
    const parts = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
    const rounded = parts.map(({ x, y, width, height }) =>
      [x, y, width, height].map((each) => Number(each.toFixed(2))),
    );
    assert.deepEqual(rounded, [
      [0, 0, 3, 2],
      [0, 2, 3, 2],
      [3, 0, 1.71, 2.33],
      [4.71, 0, 1.29, 2.33],
      [3, 2.33, 1.2, 1.67],
      [4.2, 2.33, 1.2, 1.67],
      [5.4, 2.33, 0.6, 1.67],
    ]);
  });

  it("fills the area by weight, without overlaps and within it", () => {
    const random = seededRandom(seed);
    for (let round = 0; round < 200; round++) {
      const weights = Array.from({ length: 1 + Math.floor(random() * 40) }, () => Math.ceil(random() ** 4 * 1e6)).sort(
        (a, b) => b - a,
      );
      const total = weights.reduce((sum, each) => sum + each, 0);
      const parts = squarify(weights, area);
      assert.equal(parts.length, weights.length, `round ${round}`);
      for (const [i, part] of parts.entries()) {
        assert.ok(
          close(part.width * part.height, ((weights[i] ?? 0) / total) * area.width * area.height),
          `round ${round}, part ${i}`,
        );
        assert.ok(
          part.x >= area.x - 1e-6 &&
            part.y >= area.y - 1e-6 &&
            part.x + part.width <= area.x + area.width + 1e-6 &&
            part.y + part.height <= area.y + area.height + 1e-6,
          `round ${round}`,
        );
        for (const other of parts.slice(i + 1)) assert.ok(overlap(part, other) < 1e-3, `round ${round}`);
      }
    }
  });

  it("of nothing, of no weight and of no room is nothing", () => {
    assert.deepEqual(squarify([], area), []);
    assert.deepEqual(squarify([0], area), [{ ...area, width: 0, height: 0 }]);
    for (const { width, height } of squarify([2, 1], { ...area, width: 0 })) assert.equal(width * height, 0);
  });
});
