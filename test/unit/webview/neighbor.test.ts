import assert from "node:assert/strict";
import { neighbor, type Direction } from "../../../src/webview/neighbor";

const box = (left: number, top: number, width: number, height: number) => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

describe("the neighbor of a rectangle", () => {
  // ┌───┬───┬─┐
  // │ 0 │ 1 │2│
  // │   ├───┴─┤
  // │   │  3  │
  // └───┴─────┘
  const boxes = [box(0, 0, 99, 200), box(100, 0, 99, 99), box(200, 0, 50, 99), box(100, 100, 150, 100)];
  for (const [from, direction, to] of [
    [0, "ArrowRight", 1],
    [1, "ArrowRight", 2],
    [2, "ArrowRight", undefined],
    [1, "ArrowDown", 3],
    [2, "ArrowDown", 3],
    [3, "ArrowUp", 1],
    [3, "ArrowLeft", 0],
    [2, "ArrowLeft", 1],
    [0, "ArrowLeft", undefined],
    [0, "ArrowUp", undefined],
    [9, "ArrowUp", undefined],
  ] as const satisfies readonly (readonly [number, Direction, number | undefined])[]) {
    it(`of ${from} by ${direction} is ${to ?? "none"}`, () => assert.equal(neighbor(boxes, from, direction), to));
  }
});
