import { isAbsolute } from "node:path";
import type { ErrorLocation } from "../base/errors";
import type {
  BaseTrace,
  BuildTrace,
  RecipeTrace,
  SentFiles,
  StepTrace,
  TracedLayer,
  TracedSpan,
} from "../operation/buildTrace";
import type { OfferedFolder } from "../operation/offeredFiles";
import type { BuildStep, BuildWarning, ProgressEvent } from "../operation/progressEvent";
import type { TracedInputs } from "./buildInputs";
import { layerText } from "./layerText";
import {
  longestMessage,
  longestText,
  mostInputs,
  mostLayers,
  mostSteps,
  mostTransfers,
  mostWarnings,
  type BuildReport,
  type ReportStep,
} from "./reportRecord";

/** Step while it is recorded. Times are in milliseconds since 1970. */
interface OpenStep {
  /** Undefined for steps of a builder, whose kind their name tells. */
  readonly kind?: ReportStep["kind"];
  /** Undefined for a push, and the upload to a classic builder. */
  readonly step?: BuildStep;
  readonly name: string;
  /** Time by our clock, for builders that don't report theirs. */
  readonly seenAt: number;
  endedAt?: number;
  cached: boolean;
  error?: string;
  trace: Partial<StepTrace>;
  /** Bytes by label. */
  readonly transfers: Map<string, number>;
}

/**
 * Collects the report of a build from its events. What is collected is limited, and its texts are those of the events,
 * which contain no secrets.
 */
export class ReportRecorder {
  readonly #steps = new Map<number, OpenStep>();
  readonly #pushes: OpenStep[] = [];
  readonly #warnings: BuildWarning[] = [];
  #upload: OpenStep | undefined;
  #layers: readonly TracedLayer[] | undefined;
  #sent: SentFiles | undefined;
  #recipes: RecipeTrace | undefined;
  #bases: BaseTrace["images"] = [];
  #offered: readonly OfferedFolder[] = [];
  #stepsLeftOut = 0;
  /** Smallest difference between our clock and the builder's, which is that of the fastest report. */
  #lagMs = Infinity;
  #endedAt: number | undefined;
  readonly #startedAt: number;

  /** @param now returns the time in milliseconds since 1970 */
  constructor(private readonly now: () => number = Date.now) {
    this.#startedAt = now();
  }

  accept(event: ProgressEvent): void {
    switch (event.kind) {
      case "stepStarted":
        return this.#start(event.step);
      case "stepFinished":
        return this.#finish(event);
      case "transfer":
        return this.#transfer(event.step ? this.#steps.get(event.step.number) : this.#uploadNamed(event.label), event);
      case "layer":
        return this.#transfer(this.#pushes.at(-1), {
          label: event.layerId,
          currentBytes: event.state === "exists" ? 0 : Math.max(event.currentBytes ?? 0, event.totalBytes ?? 0),
        });
      case "pushStarted":
        this.#endPush();
        if (this.#pushes.length < mostSteps) this.#pushes.push(this.#opened(event.imageName, { kind: "push" }));
        return;
      case "pushed":
        return this.#endPush();
      case "warning":
        if (this.#warnings.length < mostWarnings) this.#warnings.push(event);
        return;
      case "stepLog":
      case "message":
      case "imageBuilt":
        return;
    }
  }

  trace(trace: BuildTrace): void {
    switch (trace.kind) {
      case "layers":
        this.#layers = trace.layers;
        return;
      case "sent":
        this.#sent = { files: trace.files, bytes: trace.bytes };
        return;
      case "recipes":
        this.#recipes = trace;
        return;
      case "bases":
        this.#bases = trace.images;
        return;
      case "offered":
        this.#offered = trace.folders;
        return;
      case "step":
        return this.#traceStep(trace);
    }
  }

  #traceStep(trace: StepTrace): void {
    const open = this.#steps.get(trace.number);
    if (!open) return;
    open.trace = { ...open.trace, ...trace };
    for (const { startedAt, endedAt } of trace.spans ?? [])
      this.#lagMs = Math.min(this.#lagMs, this.now() - (endedAt ?? startedAt));
  }

  /** Inputs of the steps so far; undefined for a builder that doesn't report them. They may contain secrets. */
  get inputs(): TracedInputs | undefined {
    return this.#recipes && { recipes: this.#recipes, bases: this.#bases, folders: this.#offered };
  }

  /** Call it when the build has ended. */
  end(error?: string): void {
    this.#endedAt ??= this.now();
    const push = this.#pushes.at(-1);
    if (push && error !== undefined && push.endedAt === undefined) push.error = error;
    this.#endPush();
  }

  /** Returns the report so far. */
  report(): BuildReport {
    const open = [...(this.#upload ? [this.#upload] : []), ...this.#steps.values(), ...this.#pushes].slice(
      0,
      mostSteps,
    );
    const indexes = new Map(open.map(({ trace }, i) => [trace.digest, i]));
    const layers = this.#layers?.filter(({ sizeBytes }) => sizeBytes > 0).slice(0, mostLayers);
    return {
      durationMs: this.#sinceStart(this.#endedAt ?? this.now()),
      isRunning: this.#endedAt === undefined,
      steps: open.map((step) => this.#recorded(step, indexes)),
      stepsLeftOut: this.#stepsLeftOut,
      ...(this.#sent && { sent: this.#sent }),
      warnings: this.#warnings.map(({ message, detail, location }) => ({
        message: message.slice(0, longestMessage),
        ...(detail !== undefined && { detail: detail.slice(0, longestMessage) }),
        ...placeOf(location),
      })),
      ...(layers && {
        layers: layers.map(({ createdBy, sizeBytes }) => ({ createdBy: layerText(createdBy), bytes: sizeBytes })),
      }),
    };
  }

  #start(step: BuildStep): void {
    if (this.#steps.has(step.number)) return;
    if (this.#steps.size >= mostSteps) this.#stepsLeftOut++;
    else this.#steps.set(step.number, this.#opened(step.name, { step }));
  }

  #opened(name: string, of: Pick<OpenStep, "kind" | "step">): OpenStep {
    const seenAt = this.now();
    return { ...of, name: name.slice(0, longestText), seenAt, cached: false, trace: {}, transfers: new Map() };
  }

  /** Returns the transfer to a builder that reports it apart from its steps; it lasts until its last report. */
  #uploadNamed(label: string): OpenStep {
    this.#upload ??= this.#opened(label, { kind: "internal" });
    this.#upload.endedAt = this.now();
    return this.#upload;
  }

  #finish({ step, cached, error }: Extract<ProgressEvent, { kind: "stepFinished" }>): void {
    const open = this.#steps.get(step.number);
    if (!open) return;
    open.endedAt = this.now();
    open.cached = cached;
    if (error !== undefined) open.error = error.slice(0, longestMessage);
  }

  #transfer(open: OpenStep | undefined, transfer: { readonly label: string; readonly currentBytes: number }): void {
    if (!open || (open.transfers.size >= mostSteps && !open.transfers.has(transfer.label))) return;
    const before = open.transfers.get(transfer.label) ?? 0;
    open.transfers.set(transfer.label, Math.max(before, transfer.currentBytes));
  }

  #endPush(): void {
    const push = this.#pushes.at(-1);
    if (push) push.endedAt ??= this.now();
  }

  #recorded(open: OpenStep, indexes: ReadonlyMap<string | undefined, number>): ReportStep {
    const { kind, step, name, error, trace, transfers } = open;
    const stage = /^\[(?:([^\]]*) )?\d+\/\d+\] /.exec(name);
    // Builders without digests have no steps but instructions.
    const isInstruction = stage !== null || trace.digest === undefined;
    return {
      ...(step && { number: step.number }),
      name,
      kind: kind ?? (isInstruction ? "instruction" : "internal"),
      stage: stage?.[1] ?? "",
      spans: this.#spansOf(open),
      state: this.#stateOf(open),
      ...(error !== undefined && { error }),
      transfers: [...transfers]
        .filter(([, bytes]) => bytes > 0)
        .sort(([, a], [, b]) => b - a)
        .slice(0, mostTransfers)
        .map(([label, bytes]) => ({ label: label.slice(0, longestText), bytes })),
      bytes: [...transfers.values()].reduce((sum, bytes) => sum + bytes, 0),
      ...(trace.digest !== undefined && { digest: trace.digest.slice(0, 100) }),
      inputs: (trace.inputs ?? []).flatMap((digest) => indexes.get(digest) ?? []).slice(0, mostInputs),
      ...placeOf(trace.place),
      ...(trace.recipe !== undefined && { recipe: trace.recipe }),
    };
  }

  #stateOf({ cached, error, endedAt }: OpenStep): ReportStep["state"] {
    if (error !== undefined) return "failed";
    if (endedAt === undefined) return this.#endedAt === undefined ? "running" : "stopped";
    return cached ? "cached" : "done";
  }

  /** Returns the builder's times by our clock, or the times at which its reports arrived. */
  #spansOf({ seenAt, endedAt, trace: { spans = [] } }: OpenStep): ReportStep["spans"] {
    const lagMs = Number.isFinite(this.#lagMs) ? this.#lagMs : 0;
    const traced = spans.map((span: TracedSpan) => ({
      startedAt: span.startedAt + lagMs,
      endedAt: span.endedAt === undefined ? undefined : span.endedAt + lagMs,
    }));
    const known = traced.length > 0 ? traced : [{ startedAt: seenAt, endedAt }];
    return known.map((span) => {
      const from = this.#sinceStart(span.startedAt);
      // A step that was cut off ended with its build.
      const end = span.endedAt ?? endedAt ?? this.#endedAt;
      return { from, ...(end !== undefined && { to: Math.max(from, this.#sinceStart(end)) }) };
    });
  }

  #sinceStart(time: number): number {
    return Math.max(0, Math.round(time - this.#startedAt));
  }
}

/** A generated Dockerfile has no file that could be opened. */
function placeOf(location: ErrorLocation | undefined): { readonly place?: NonNullable<ReportStep["place"]> } {
  if (!location || !isAbsolute(location.file) || location.file.length > 4096) return {};
  const { file, line, endLine } = location;
  return { place: { file, line, ...(endLine !== undefined && { endLine }) } };
}
