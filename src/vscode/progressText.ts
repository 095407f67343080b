import type { ProgressEvent } from "../core/engine/progressEvent";
import { formatBytes } from "./format";
import { LayerTally } from "./layerTally";

/** Says in a few words what a build is doing, for the progress notification and the tree. */
export class ProgressText {
  #tally = new LayerTally();

  /** @returns the new text, nothing when the event changes none */
  accept(event: ProgressEvent): string | undefined {
    switch (event.kind) {
      case "stepStarted":
        return shortStep(event.step.name);
      case "transfer":
        return `${event.label} ${formatBytes(event.currentBytes)}${event.totalBytes ? ` of ${formatBytes(event.totalBytes)}` : ""}`;
      case "pushStarted":
        this.#tally = new LayerTally();
        return `pushing ${event.imageName}`;
      case "layer":
        this.#tally.accept(event);
        return this.#tally.progress();
      default:
        return undefined;
    }
  }
}

/** `3/7 RUN make` of BuildKit's `[build 3/7] RUN make`; other names stay as they are. */
function shortStep(name: string): string {
  return name.replace(/\s+/g, " ").replace(/^\[(?:.* )?(\d+\/\d+)\] /, "$1 ");
}
