/** Position and size in a picture, in pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides an area in proportion to weights, into rectangles that are as square as possible.
 *
 * @param weights positive, largest first
 * @returns one rectangle per weight, in the same order
 * @see https://vanwijk.win.tue.nl/stm.pdf
 */
export function squarify(weights: readonly number[], area: Rectangle): Rectangle[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) return weights.map(() => ({ ...area, width: 0, height: 0 }));
  const scale = (area.width * area.height) / total;
  const parts: Rectangle[] = [];
  let rest = area;
  for (let from = 0; from < weights.length;) {
    const shorter = Math.min(rest.width, rest.height);
    const [to, sum] = rowFrom(weights, from, scale, shorter);
    rest = layRow(weights.slice(from, to), sum, scale, rest, parts);
    from = to;
  }
  return parts;
}

/**
 * Returns the end of the next row and the sum of its weights. The row ends where another weight would make its
 * rectangles less square.
 */
function rowFrom(
  weights: readonly number[],
  from: number,
  scale: number,
  side: number,
): readonly [to: number, sum: number] {
  const largest = (weights[from] ?? 0) * scale;
  let sum = 0;
  let worst = Infinity;
  let to = from;
  for (; to < weights.length; to++) {
    const weight = weights[to] ?? 0;
    const row = (sum + weight) * scale;
    const next = Math.max((side * side * largest) / (row * row), (row * row) / (side * side * weight * scale));
    if (next > worst) break;
    worst = next;
    sum += weight;
  }
  return [Math.max(to, from + 1), sum || (weights[from] ?? 0)];
}

/** Places a row along the shorter side; returns the rest of the area. */
function layRow(
  row: readonly number[],
  sum: number,
  scale: number,
  { x, y, width, height }: Rectangle,
  parts: Rectangle[],
): Rectangle {
  const isColumn = width >= height;
  const side = isColumn ? height : width;
  const depth = side > 0 ? Math.min((sum * scale) / side, isColumn ? width : height) : 0;
  let along = 0;
  for (const weight of row) {
    const length = sum > 0 ? (side * weight) / sum : 0;
    parts.push(
      isColumn ? { x, y: y + along, width: depth, height: length } : { x: x + along, y, width: length, height: depth },
    );
    along += length;
  }
  return isColumn
    ? { x: x + depth, y, width: width - depth, height }
    : { x, y: y + depth, width, height: height - depth };
}
