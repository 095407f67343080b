import type { BuildStep, ProgressEvent } from "../../operation/progressEvent";
import { endOf } from "./stepOutput";
import { decodeStatusResponse, type StatusResponse, type Vertex, type VertexStatus } from "./statusResponse";

interface StepState {
  readonly step: BuildStep;
  finished: boolean;
  /** The end of what it wrote. */
  output: string;
}

/** A step that failed: the builder's words, and the end of what the step wrote. */
export interface FailedStep {
  readonly step: BuildStep;
  readonly message: string;
  readonly output: string;
}

/** How many steps, and transfers that ended, are remembered: a real build has some hundred. */
const maxRemembered = 20_000;

/** Turns BuildKit's traces into events. BuildKit tells of a vertex several times, so what was told is remembered by digest. */
export class BuildkitProgress {
  readonly #steps = new Map<string, StepState>();
  readonly #doneStatuses = new Set<string>();
  #failed: FailedStep | undefined;
  #isIncomplete = false;

  constructor(private readonly report: (event: ProgressEvent) => void) {}

  /** The first step that failed; a cancelled one does not count. */
  get failed(): FailedStep | undefined {
    return this.#failed;
  }

  /** Takes the `aux` of one `moby.buildkit.trace`: base64 of a protobuf StatusResponse. */
  accept(trace: string): void {
    this.acceptStatus(Buffer.from(trace, "base64"));
  }

  /** Takes a StatusResponse as BuildKit's own API sends it. */
  acceptStatus(bytes: Uint8Array): void {
    const response = this.#decode(bytes);
    for (const vertex of response.vertexes) this.#start(vertex);
    for (const status of response.statuses) this.#acceptStatus(status);
    for (const log of response.logs) {
      const state = this.#steps.get(log.vertex);
      if (state) state.output = endOf(state.output, log.text);
      this.report({ kind: "stepLog", step: state?.step, text: log.text, stream: log.stream === 2 ? "stderr" : "stdout" });
    }
    for (const message of response.warnings) this.report({ kind: "warning", message });
    // What came at once with a step's end was before it.
    for (const vertex of response.vertexes) this.#finish(vertex);
  }

  /** Progress only tells how a build goes, so what cannot be read is left out. */
  #decode(bytes: Uint8Array): StatusResponse {
    try {
      return decodeStatusResponse(bytes);
    } catch {
      this.#leaveOut();
      return { vertexes: [], statuses: [], logs: [], warnings: [] };
    }
  }

  #leaveOut(): void {
    if (this.#isIncomplete) return;
    this.#isIncomplete = true;
    this.report({ kind: "warning", message: "The daemon sent progress that cannot be read, or too much of it: this log is not complete." });
  }

  #start(vertex: Vertex): void {
    if ((vertex.started === undefined && !vertex.cached) || this.#steps.has(vertex.digest)) return;
    if (this.#steps.size >= maxRemembered) return this.#leaveOut();
    const step = { number: this.#steps.size + 1, name: vertex.name };
    this.#steps.set(vertex.digest, { step, finished: false, output: "" });
    this.report({ kind: "stepStarted", step });
  }

  #finish(vertex: Vertex): void {
    const state = this.#steps.get(vertex.digest);
    if (!state || state.finished || (vertex.completed === undefined && !vertex.cached)) return;
    state.finished = true;
    const error = vertex.error === "" ? undefined : vertex.error;
    if (error && !this.#failed && !/context canceled/.test(error)) this.#failed = { step: state.step, message: error, output: state.output };
    const durationMs = durationOf(vertex);
    this.report({ kind: "stepFinished", step: state.step, cached: vertex.cached, durationMs, error });
  }

  #acceptStatus(status: VertexStatus): void {
    const step = this.#steps.get(status.vertex)?.step;
    const label = (status.name || status.id).replace(/:$/, "");
    if (status.current > 0 || status.total > 0) {
      this.report({ kind: "transfer", step, label, currentBytes: Math.max(0, status.current), ...(status.total > 0 && { totalBytes: status.total }) });
    } else if (status.completed !== undefined && !this.#doneStatuses.has(status.vertex + status.id) && this.#doneStatuses.size < maxRemembered) {
      this.#doneStatuses.add(status.vertex + status.id);
      this.report({ kind: "stepLog", step, text: `${label}\n`, stream: "stdout" });
    }
  }
}

/** Nothing where the daemon's clock was set back meanwhile, or it tells no times. */
function durationOf({ started, completed }: Vertex): number | undefined {
  return started !== undefined && completed !== undefined && completed >= started ? completed - started : undefined;
}
