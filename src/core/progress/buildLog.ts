import type { BuildStep, ProgressEvent } from "../operation/progressEvent";
import { formatBytes, formatDuration } from "../text/format";
import { LayerTally } from "./layerTally";
import { LogLine, logLines } from "./logLine";

/** Limit on the logged transfers of a step, which has one for each file or layer that it fetches. */
const mostTransfers = 1000;

/** Writes a build's events as readable log lines, without escape codes; a very long line is cut, with a note. */
export class BuildLog {
  /** Unfinished line of each step; the key is undefined for text that belongs to no step. */
  readonly #unfinished = new Map<number | undefined, LogLine>();
  readonly #transfers = new Map<number | undefined, Map<string, number>>();
  #tally = new LayerTally();
  readonly #retrying = new Set<string>();
  #lastStep: number | undefined;

  constructor(private readonly write: (line: string) => void) {}

  /** Writes a line that belongs to no step. */
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
        return this.#acceptTransfer(event);
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

  /** Writes all pending text, such as the end of a build that was cut off. */
  end(): void {
    for (const step of [...this.#unfinished.keys()]) this.#flushText(step);
    this.#flushLayers();
  }

  #acceptLog(step: BuildStep | undefined, text: string): void {
    let unfinished = this.#unfinished.get(step?.number);
    if (!unfinished) this.#unfinished.set(step?.number, (unfinished = new LogLine()));
    for (const line of unfinished.accept(text)) this.#writeLine(step?.number, line);
  }

  #acceptTransfer({ step, label, currentBytes }: Extract<ProgressEvent, { kind: "transfer" }>): void {
    const transfers = this.#transfersOf(step);
    if (transfers.size < mostTransfers || transfers.has(label)) transfers.set(label, currentBytes);
  }

  #finishStep({ step, cached, durationMs, error }: Extract<ProgressEvent, { kind: "stepFinished" }>): void {
    this.#flushText(step.number);
    this.#flushLayers();
    for (const [label, sizeBytes] of this.#transfersOf(step))
      this.#writeFor(step.number, `${label}: ${formatBytes(sizeBytes)}`);
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

  /** Writes the summary of layers that were not pushed, which are those of a base image. */
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
    const rest = this.#unfinished.get(step)?.end();
    this.#unfinished.delete(step);
    if (rest !== undefined) this.#writeLine(step, rest);
  }

  #writeFor(step: number | undefined, text: string): void {
    for (const line of logLines(text)) this.#writeLine(step, line);
  }

  #writeLine(step: number | undefined, line: string): void {
    this.#moveTo(step);
    this.write(step === undefined ? line : `#${step} ${line}`);
  }

  /** Steps run in parallel; a blank line marks the change to another one. */
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

function clean(text: string): string {
  return logLines(text).join("\n");
}

function oneLine(text: string): string {
  return clean(text).replace(/\s+/g, " ").trim();
}
