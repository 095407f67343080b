import type { ReportLayer } from "./reportRecord";

/** Layer of an image, compared with the layer of an earlier image that the same instruction made. */
interface ComparedLayer extends ReportLayer {
  /** Size in the earlier image; undefined if it had no such layer. */
  readonly bytesBefore?: number;
}

/** Layers of an image by size, and those that an earlier image had in addition. */
export interface LayerChanges {
  readonly layers: readonly ComparedLayer[];
  readonly removed: readonly ReportLayer[];
}

/** Compares the layers of two images by the instructions that made them; instructions that repeat count in order. */
export function layerChanges(layers: readonly ReportLayer[], before: readonly ReportLayer[]): LayerChanges {
  const left = new Map<string, ReportLayer[]>();
  for (const layer of before) left.set(layer.createdBy, [...(left.get(layer.createdBy) ?? []), layer]);
  const compared = layers.map((layer) => {
    const same = left.get(layer.createdBy)?.shift();
    return { ...layer, ...(same && { bytesBefore: same.bytes }) };
  });
  return { layers: compared.sort((a, b) => b.bytes - a.bytes), removed: [...left.values()].flat() };
}
