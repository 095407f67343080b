import { TextDecoder } from "node:util";
import type { TracedSpan } from "../../operation/buildTrace";
import type { BuildStep } from "../../operation/progressEvent";
import type { Vertex } from "../../transport/proto/control.pb";
import { timeOf } from "./statusResponse";
import { endOf } from "./stepOutput";

/** Maximum number of starts of a vertex that are remembered; BuildKit starts one twice. */
const mostSpans = 20;

/** State of one vertex of a build, which BuildKit may start and end several times. */
export class StepState {
  /** End of the output. */
  output = "";
  isFinished = false;
  /** Whether another step has begun to use the result. */
  isTaken = false;
  cached = false;
  error = "";
  /** Total duration in milliseconds; undefined if the daemon reports no valid times. */
  durationMs: number | undefined;
  /** Time of the last start in milliseconds since 1970; undefined if the daemon reports none. */
  #startedAt: number | undefined;
  #isRunning = false;
  readonly #spans = new Map<number, TracedSpan>();
  readonly #decoders = new Map<number, TextDecoder>();

  constructor(readonly step: BuildStep) {}

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Times in which it ran, in the order in which they were reported. */
  get spans(): readonly TracedSpan[] {
    return [...this.#spans.values()];
  }

  /**
   * Applies a report about the vertex. A source, such as the context, is started for its key and again for its content.
   */
  take({ cached, error, ...vertex }: Vertex): void {
    const [started, completed] = [timeOf(vertex.started), timeOf(vertex.completed)];
    if (started !== undefined) this.#addSpan(started, completed);
    if (started !== undefined && (this.#startedAt === undefined || started > this.#startedAt)) {
      this.#startedAt = started;
      this.#isRunning = true;
    }
    if (cached && started === undefined) this.#isRunning = true;
    if (!this.#isRunning || (completed === undefined && !cached)) return;
    if (started !== undefined && started !== this.#startedAt) return;
    this.#isRunning = false;
    this.cached = cached;
    this.error = error;
    if (started !== undefined && completed !== undefined && completed >= started)
      this.durationMs = (this.durationMs ?? 0) + completed - started;
  }

  /** Decodes output; a character may be split between two messages. */
  write(bytes: Uint8Array, stream: number): string {
    const decoder = this.#decoders.get(stream) ?? new TextDecoder("utf-8", { ignoreBOM: true });
    this.#decoders.set(stream, decoder);
    return this.#keep(decoder.decode(bytes, { stream: true }));
  }

  /** Returns the incomplete characters at the end of the output, by stream. */
  rest(): readonly (readonly [stream: number, text: string])[] {
    return [...this.#decoders].map(([stream, decoder]) => [stream, this.#keep(decoder.decode())]);
  }

  #addSpan(startedAt: number, endedAt: number | undefined): void {
    if (!this.#spans.has(startedAt) && this.#spans.size >= mostSpans) return;
    this.#spans.set(startedAt, { startedAt, ...(endedAt !== undefined && endedAt >= startedAt && { endedAt }) });
  }

  #keep(text: string): string {
    this.output = endOf(this.output, text);
    return text;
  }
}
