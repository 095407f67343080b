import { stripVTControlCharacters } from "node:util";
import type { BuildStep, ProgressEvent } from "../../core/engine/progressEvent";
import { formatBytes, formatDuration } from "../format";
import { LayerTally } from "./layerTally";

/** Writes a build's events as lines for people: nothing is left out that a step said, escape codes are. */
export class BuildLog {
  /** What a step said since its last line end; the key is undefined for what belongs to no step. */
  readonly #unfinished = new Map<number | undefined, string>();
  readonly #transfers = new Map<number | undefined, Map<string, number>>();
  #tally = new LayerTally();
  readonly #retrying = new Set<string>();
  #lastStep: number | undefined;

  constructor(private readonly write: (line: string) => void) {}

  /** A line of our own. */
  line(text: string): void {
    this.#moveTo(undefined);
    this.write(text);
  }

  accept(event: ProgressEvent): void {
    switch (event.kind) {
      case "stepStarted":
        this.#flushLayers();
        this.#moveTo(event.step.number);
        return this.write(`#${event.step.number} ${oneLine(event.step.name)}`);
      case "stepFinished":
        return this.#finishStep(event);
      case "stepLog":
        return this.#acceptLog(event.step, event.text);
      case "transfer":
        return void this.#transfersOf(event.step).set(event.label, event.currentBytes);
      case "layer":
        return this.#acceptLayer(event);
      case "warning":
        return this.line(`WARNING: ${clean(event.message)}`);
      case "message":
        return this.line(clean(event.text));
      case "imageBuilt":
        return this.line(`Built ${event.imageId}`);
      case "pushStarted":
        return this.#flushLayers();
      case "pushed":
        return this.#finishPush(event.imageName);
    }
  }

  /** Writes what is still held back: the end of a build that was cut off. */
  end(): void {
    for (const step of [...this.#unfinished.keys()]) this.#flushText(step);
    this.#flushLayers();
  }

  #acceptLog(step: BuildStep | undefined, text: string): void {
    const lines = ((this.#unfinished.get(step?.number) ?? "") + text).split("\n");
    this.#unfinished.set(step?.number, lines.pop() ?? "");
    for (const line of lines) this.#writeFor(step?.number, line);
  }

  #finishStep({ step, cached, durationMs, error }: Extract<ProgressEvent, { kind: "stepFinished" }>): void {
    this.#flushText(step.number);
    this.#flushLayers();
    for (const [label, sizeBytes] of this.#transfersOf(step)) this.#writeFor(step.number, `${label}: ${formatBytes(sizeBytes)}`);
    this.#transfers.delete(step.number);
    const took = durationMs === undefined ? "" : ` ${formatDuration(durationMs)}`;
    this.#writeFor(step.number, error !== undefined ? `ERROR: ${clean(error)}` : cached ? "CACHED" : `DONE${took}`);
  }

  #acceptLayer(event: Extract<ProgressEvent, { kind: "layer" }>): void {
    this.#tally.accept(event);
    if (event.state !== "retrying") this.#retrying.delete(event.layerId);
    else if (!this.#retrying.has(event.layerId)) {
      this.#retrying.add(event.layerId);
      this.line(`Layer ${event.layerId}: ${clean(event.text)}`);
    }
  }

  /** What was counted and is no push is a base image's. */
  #flushLayers(): void {
    const summary = this.#takeSummary();
    if (summary) this.line(`Pulled ${summary}`);
  }

  #finishPush(imageName: string): void {
    const summary = this.#takeSummary();
    this.line(`Pushed ${imageName}${summary ? `: ${summary}` : ""}`);
  }

  #takeSummary(): string | undefined {
    const summary = this.#tally.summary();
    this.#tally = new LayerTally();
    return summary;
  }

  #flushText(step: number | undefined): void {
    const rest = this.#unfinished.get(step);
    this.#unfinished.delete(step);
    if (rest) this.#writeFor(step, rest);
  }

  #writeFor(step: number | undefined, text: string): void {
    this.#moveTo(step);
    for (const line of clean(text).split("\n")) this.write(step === undefined ? line : `#${step} ${line}`);
  }

  /** Steps run side by side; a blank line shows that another one speaks. */
  #moveTo(step: number | undefined): void {
    if (step !== this.#lastStep && (step !== undefined || this.#lastStep !== undefined)) this.write("");
    this.#lastStep = step;
  }

  #transfersOf(step: BuildStep | undefined): Map<string, number> {
    let transfers = this.#transfers.get(step?.number);
    if (!transfers) this.#transfers.set(step?.number, (transfers = new Map()));
    return transfers;
  }
}

/** As a terminal would leave the line: without escape codes, and of what a `\r` overwrote only the last. */
function clean(text: string): string {
  return stripVTControlCharacters(text)
    .split("\n")
    .map((line) => line.replace(/\r+$/, "").replace(/^.*\r/s, ""))
    .join("\n")
    .replace(/[^\P{Cc}\t\n]/gu, "");
}

function oneLine(text: string): string {
  return clean(text).replace(/\s+/g, " ").trim();
}
