import type { ErrorLocation } from "../../base/errors";
import type { BuildTrace } from "../../operation/buildTrace";
import type { BuildStep, ProgressEvent } from "../../operation/progressEvent";
import { decodeMessage } from "../../transport/message";
import {
  StatusResponse,
  type Vertex,
  type VertexLog,
  type VertexStatus,
  type VertexWarning,
} from "../../transport/proto/control.pb";
import { linesOf, type SourceRange } from "./statusResponse";
import { StepState } from "./stepState";

/** Failed step with the builder's message and the end of the step's output. */
export interface FailedStep {
  readonly step: BuildStep;
  readonly message: string;
  readonly output: string;
}

/**
 * Returns the location of ranges in a file that BuildKit reports; undefined for a file that is not the build's
 * Dockerfile.
 */
export type FindPlace = (filename: string, ranges: readonly SourceRange[]) => ErrorLocation | undefined;

/** Receiver of facts about steps for a report. */
export interface Tracing {
  readonly trace?: (trace: BuildTrace) => void;
  /** Returns the instruction of a step; undefined if it has none. */
  readonly placeOfStep?: (name: string) => ErrorLocation | undefined;
  /** Returns the index of the recipe of a step; undefined if it has none. */
  readonly recipeOfStep?: (name: string) => number | undefined;
}

/** Maximum number of steps, and of finished transfers, that are remembered; real builds have some hundred. */
const maxRemembered = 20_000;

/**
 * Converts BuildKit's progress to events. BuildKit reports a vertex several times, so the last report is kept by
 * digest.
 */
export class BuildkitProgress {
  readonly #steps = new Map<string, StepState>();
  /**
   * Finished steps that may continue: BuildKit first asks a source, a step without inputs, for its key, and later for
   * its content.
   */
  readonly #held = new Map<string, StepState>();
  readonly #doneStatuses = new Set<string>();
  readonly #failed = new Map<string, StepState>();
  #isIncomplete = false;

  constructor(
    private readonly report: (event: ProgressEvent) => void,
    private readonly findPlace: FindPlace = () => undefined,
    private readonly tracing: Tracing = {},
  ) {}

  /**
   * Returns the step that made the build fail, or undefined if it is unknown.
   *
   * @param digest digest of the vertex in the build's error
   * @param words message of the build's error, which contains the step's message if no digest is known; other steps may
   * fail without harm, such as the import of a cache that doesn't exist
   */
  failedStep(digest: string | undefined, words: string): FailedStep | undefined {
    const known = digest === undefined ? undefined : this.#steps.get(digest);
    const state = known ?? [...this.#failed.values()].find(({ error }) => words.includes(error));
    return state && { step: state.step, message: state.error, output: state.output };
  }

  /** Message of the step that failed last. */
  get lastError(): string | undefined {
    return [...this.#failed.values()].at(-1)?.error;
  }

  /** Processes one `moby.buildkit.v1.StatusResponse`. */
  accept(bytes: Uint8Array): void {
    const response = this.#decode(bytes);
    if (!response) return this.#leaveOut();
    for (const vertex of response.vertexes) this.#start(vertex);
    for (const status of response.statuses) this.#acceptStatus(status);
    for (const log of response.logs) this.#acceptLog(log);
    for (const warning of response.warnings) this.#warn(warning);
    // Everything in the same response as a step's end happened before it.
    for (const vertex of response.vertexes) this.#finish(vertex);
  }

  /** Reports the end of the steps that might have continued, because no more progress follows. */
  end(): void {
    for (const digest of [...this.#held.keys()]) this.#release(digest);
  }

  /** Returns undefined for data that can't be read, which must not fail the build: progress is only information. */
  #decode(bytes: Uint8Array): StatusResponse | undefined {
    try {
      return decodeMessage(StatusResponse, bytes);
    } catch {
      return undefined;
    }
  }

  #leaveOut(): void {
    if (this.#isIncomplete) return;
    this.#isIncomplete = true;
    this.report({
      kind: "warning",
      message: "The daemon sent progress data that is unreadable or too long. This log is incomplete.",
    });
  }

  #start(vertex: Vertex): void {
    if ((vertex.started === undefined && !vertex.cached) || this.#steps.has(vertex.digest)) return;
    if (this.#steps.size >= maxRemembered) return this.#leaveOut();
    const state = new StepState({ number: this.#steps.size + 1, name: vertex.name });
    this.#steps.set(vertex.digest, state);
    this.report({ kind: "stepStarted", step: state.step });
    const place = this.tracing.trace && this.tracing.placeOfStep?.(vertex.name);
    const recipe = this.tracing.trace && this.tracing.recipeOfStep?.(vertex.name);
    const { digest, inputs } = vertex;
    this.tracing.trace?.({
      kind: "step",
      number: state.step.number,
      digest,
      inputs,
      ...(place && { place }),
      ...(recipe !== undefined && { recipe }),
    });
    // A running step needs the results of its inputs, so these are finished.
    if (vertex.cached) return;
    for (const input of vertex.inputs) {
      const source = this.#steps.get(input);
      if (source) source.isTaken = true;
      this.#release(input);
    }
  }

  #finish(vertex: Vertex): void {
    const state = this.#steps.get(vertex.digest);
    if (!state || state.isFinished) return;
    state.take(vertex);
    this.tracing.trace?.({ kind: "step", number: state.step.number, spans: state.spans });
    if (state.isRunning) return void this.#held.delete(vertex.digest);
    this.#held.set(vertex.digest, state);
    if (state.error !== "" || state.isTaken || vertex.inputs.length > 0) this.#release(vertex.digest);
  }

  #release(digest: string): void {
    const state = this.#held.get(digest);
    if (!state) return;
    this.#held.delete(digest);
    state.isFinished = true;
    const { step, cached, durationMs } = state;
    for (const [stream, text] of state.rest()) this.#reportLog(step, text, stream);
    const error = state.error === "" ? undefined : state.error;
    if (error !== undefined) this.#failed.set(digest, state);
    this.report({ kind: "stepFinished", step, cached, durationMs, error });
  }

  #acceptLog({ vertex, stream, msg }: VertexLog): void {
    const state = this.#steps.get(vertex);
    this.#reportLog(state?.step, state?.write(msg, Number(stream)) ?? textOf(msg), Number(stream));
  }

  #reportLog(step: BuildStep | undefined, text: string, stream: number): void {
    if (text !== "") this.report({ kind: "stepLog", step, text, stream: stream === 2 ? "stderr" : "stdout" });
  }

  #warn({ short, detail, url, info, ranges }: VertexWarning): void {
    const location = this.findPlace(info?.filename ?? "", linesOf(ranges));
    this.report({
      kind: "warning",
      message: textOf(short),
      ...(detail.length > 0 && { detail: detail.map(textOf).join("\n") }),
      ...(url !== "" && { url }),
      ...(location && { location }),
    });
  }

  #acceptStatus(status: VertexStatus): void {
    const step = this.#steps.get(status.vertex)?.step;
    const label = (status.name || status.ID).replace(/:$/, "");
    const [current, total] = [Number(status.current), Number(status.total)];
    if (current > 0 || total > 0) {
      const currentBytes = Math.max(0, current);
      this.report({ kind: "transfer", step, label, currentBytes, ...(total > 0 && { totalBytes: total }) });
    } else if (status.completed !== undefined && this.#isNew(status)) {
      this.report({ kind: "stepLog", step, text: `${label}\n`, stream: "stdout" });
    }
  }

  #isNew({ vertex, ID }: VertexStatus): boolean {
    if (this.#doneStatuses.has(vertex + ID) || this.#doneStatuses.size >= maxRemembered) return false;
    this.#doneStatuses.add(vertex + ID);
    return true;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
