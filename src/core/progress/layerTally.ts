import type { ProgressEvent } from "../operation/progressEvent";
import { formatBytes } from "../text/format";

type LayerEvent = Extract<ProgressEvent, { kind: "layer" }>;

/** Counts the layers of one push or pull, so that a log summarizes thousands of the daemon's lines in one. */
export class LayerTally {
  readonly #layers = new Map<string, LayerEvent & { readonly totalBytes: number }>();

  accept(event: LayerEvent): void {
    const totalBytes = Math.max(
      event.totalBytes ?? 0,
      event.currentBytes ?? 0,
      this.#layers.get(event.layerId)?.totalBytes ?? 0,
    );
    this.#layers.set(event.layerId, { ...event, totalBytes });
  }

  /** Returns a summary, such as `3 layers (12.3 MB), 2 layers already present`; undefined if there were no layers. */
  summary(): string | undefined {
    const moved = this.#of("done", "downloading", "extracting", "pushing");
    const existing = this.#of("exists").length;
    const sizeBytes = moved.reduce((sum, layer) => sum + layer.totalBytes, 0);
    const size = sizeBytes > 0 ? ` (${formatBytes(sizeBytes)})` : "";
    return (
      [moved.length > 0 && `${layers(moved.length)}${size}`, existing > 0 && `${layers(existing)} already present`]
        .filter(Boolean)
        .join(", ") || undefined
    );
  }

  /** Returns the progress, such as `2/5 layers, 8.1 MB of 30 MB`. */
  progress(): string {
    const all = [...this.#layers.values()];
    const finished = this.#of("done", "exists").length;
    const moving = all.filter((layer) => layer.state !== "exists" && layer.totalBytes > 0);
    const total = moving.reduce((sum, layer) => sum + layer.totalBytes, 0);
    const current = moving.reduce(
      (sum, layer) => sum + (layer.state === "done" ? layer.totalBytes : (layer.currentBytes ?? 0)),
      0,
    );
    const retrying = this.#of("retrying")[0];
    return [
      `${finished}/${all.length} layers`,
      total > 0 && `${formatBytes(current)} of ${formatBytes(total)}`,
      retrying?.text,
    ]
      .filter(Boolean)
      .join(", ");
  }

  #of(...states: readonly LayerEvent["state"][]): (LayerEvent & { readonly totalBytes: number })[] {
    return [...this.#layers.values()].filter((layer) => states.includes(layer.state));
  }
}

function layers(count: number): string {
  return `${count} ${count === 1 ? "layer" : "layers"}`;
}
