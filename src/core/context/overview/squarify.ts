/** A place in a picture, in pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides an area among weights so that the parts are as square as can be.
 *
 * @param weights positive, the largest first
 * @returns one for each weight, in their order
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

/** The weights that make up the next row, which ends where one more would make its parts less square; and their sum. */
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

/** Lays a row along the shorter side; returns what is left of the area. */
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
