/** Direction of an arrow key. */
export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Returns the index of the visually nearest box in a direction; undefined at the edge. */
export function neighbor(boxes: readonly Box[], from: number, direction: Direction): number | undefined {
  const start = boxes[from];
  if (!start) return undefined;
  let best: { readonly index: number; readonly distance: number } | undefined;
  for (const [index, box] of boxes.entries()) {
    const distance = index === from ? undefined : distanceTo(start, box, direction);
    if (distance !== undefined && (!best || distance < best.distance)) best = { index, distance };
  }
  return best?.index;
}

/**
 * Returns the distance to a box in a direction, counting sideways offsets double; undefined if the box is not in that
 * direction.
 */
function distanceTo(from: Box, to: Box, direction: Direction): number | undefined {
  const isLevel = direction === "ArrowLeft" || direction === "ArrowRight";
  const gap = {
    ArrowLeft: from.left - to.right,
    ArrowRight: to.left - from.right,
    ArrowUp: from.top - to.bottom,
    ArrowDown: to.top - from.bottom,
  }[direction];
  // Neighbors touch, but for rounding.
  if (gap < -4) return undefined;
  const [low, high, otherLow, otherHigh] = isLevel
    ? [from.top, from.bottom, to.top, to.bottom]
    : [from.left, from.right, to.left, to.right];
  const beside = Math.max(0, otherLow - high, low - otherHigh);
  return Math.max(gap, 0) + 2 * beside + Math.abs(otherLow - low) / 1_000;
}
