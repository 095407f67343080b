import type { ProgressEvent } from "../operation/progressEvent";
import { formatBytes } from "../text/format";
import { LayerTally } from "./layerTally";

/** Summarizes a build's current activity in a few words, for the progress notification and the tree. */
export class ProgressText {
  #tally = new LayerTally();

  /** @returns the new text; undefined if the event does not change it */
  accept(event: ProgressEvent): string | undefined {
    switch (event.kind) {
      case "stepStarted":
        return shortStep(event.step.name);
      case "transfer":
        return (
          `${event.label} ${formatBytes(event.currentBytes)}` +
          (event.totalBytes ? ` of ${formatBytes(event.totalBytes)}` : "")
        );
      case "pushStarted":
        this.#tally = new LayerTally();
        return `Pushing ${event.imageName}…`;
      case "layer":
        this.#tally.accept(event);
        return this.#tally.progress();
      default:
        return undefined;
    }
  }
}

const maxStepLength = 80;

/**
 * Shortens BuildKit's `[build 3/7] RUN make` to `3/7 RUN make`; a notification has no room for long scripts, which the
 * log contains in full.
 */
function shortStep(name: string): string {
  const step = name.replace(/\s+/g, " ").replace(/^\[(?:.* )?(\d+\/\d+)\] /, "$1 ");
  return step.length > maxStepLength ? `${step.slice(0, maxStepLength - 1)}…` : step;
}
