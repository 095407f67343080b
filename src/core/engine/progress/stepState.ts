import { TextDecoder } from "node:util";
import type { BuildStep } from "../../operation/progressEvent";
import type { Vertex } from "../../transport/proto/control.pb";
import { timeOf } from "./statusResponse";
import { endOf } from "./stepOutput";

/** What is known of one vertex of a build, however often BuildKit starts and ends it. */
export class StepState {
  /** The end of what it wrote. */
  output = "";
  isFinished = false;
  /** Whether another step has begun to work on its result. */
  isTaken = false;
  cached = false;
  error = "";
  /** Of all times that it ran; undefined where the daemon's clock does not tell. */
  durationMs: number | undefined;
  /** The last start; undefined where the daemon reports none. */
  #startedAt: number | undefined;
  #isRunning = false;
  readonly #decoders = new Map<number, TextDecoder>();

  constructor(readonly step: BuildStep) {}

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /**
   * Takes what BuildKit reports of the vertex. A source, such as the context, is started for its key and again for its
   * content.
   */
  take({ cached, error, ...vertex }: Vertex): void {
    const [started, completed] = [timeOf(vertex.started), timeOf(vertex.completed)];
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

  /** Decodes what it writes; a character may be split between two messages. */
  write(bytes: Uint8Array, stream: number): string {
    const decoder = this.#decoders.get(stream) ?? new TextDecoder("utf-8", { ignoreBOM: true });
    this.#decoders.set(stream, decoder);
    return this.#keep(decoder.decode(bytes, { stream: true }));
  }

  /** Returns the beginnings of characters whose ends did not come, by stream. */
  rest(): readonly (readonly [stream: number, text: string])[] {
    return [...this.#decoders].map(([stream, decoder]) => [stream, this.#keep(decoder.decode())]);
  }

  #keep(text: string): string {
    this.output = endOf(this.output, text);
    return text;
  }
}
