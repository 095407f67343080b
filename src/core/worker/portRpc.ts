import type { MessagePort } from "node:worker_threads";
import { fromPlain, toPlain, type PlainError } from "./plainError";

/** Methods that one side of a port provides to the other; arguments and results are copied. */
type Methods = Readonly<Record<string, (argument: never, signal: AbortSignal) => unknown>>;

type Message =
  | { readonly kind: "ask"; readonly id: number; readonly method: string; readonly argument: unknown }
  | { readonly kind: "stop"; readonly id: number }
  | { readonly kind: "answer"; readonly id: number; readonly answer: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly failure: PlainError };

interface Asked {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** One side of a port, over which both sides call each other; `Theirs` are the methods of the other side. */
export class PortRpc<Theirs extends Methods> {
  readonly #asked = new Map<number, Asked>();
  readonly #running = new Map<number, AbortController>();
  #lastId = 0;
  #closed: Error | undefined;

  /**
   * @param ours methods by name; each receives its argument, and a signal that is aborted when the result is no longer
   * needed
   * @param whyGone returns the error for pending calls once the other side has ended
   */
  constructor(
    private readonly port: MessagePort,
    private readonly ours: Methods,
    whyGone: () => Error | Promise<Error>,
  ) {
    port.on("message", (message: Message) => this.#take(message));
    port.on("close", () => {
      if (!this.#closed) void Promise.resolve(whyGone()).then((why) => this.#end(why));
    });
  }

  /**
   * Calls a method of the other side.
   *
   * @throws the method's error; the signal's reason; Error if the port is closed
   */
  ask<Name extends keyof Theirs & string>(
    method: Name,
    argument: Parameters<Theirs[Name]>[0],
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<Theirs[Name]>>> {
    return new Promise<Awaited<ReturnType<Theirs[Name]>>>((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#closed) throw this.#closed;
      const id = ++this.#lastId;
      const stop = (): void => {
        this.#post({ kind: "stop", id });
        this.#asked.delete(id);
        reject(signal?.reason);
      };
      const settled = (): void => signal?.removeEventListener("abort", stop);
      this.#asked.set(id, {
        resolve: (answer) => {
          settled();
          resolve(answer as Awaited<ReturnType<Theirs[Name]>>);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      signal?.addEventListener("abort", stop, { once: true });
      this.#post({ kind: "ask", id, method, argument });
    });
  }

  /** Closes both sides; pending calls fail. */
  close(): void {
    this.port.close();
    this.#end(new Error("closed"));
  }

  #take(message: Message): void {
    switch (message.kind) {
      case "ask":
        return void this.#answer(message.id, message.method, message.argument);
      case "stop":
        return this.#running.get(message.id)?.abort();
      case "answer":
        this.#asked.get(message.id)?.resolve(message.answer);
        break;
      case "failure":
        this.#asked.get(message.id)?.reject(fromPlain(message.failure));
    }
    this.#asked.delete(message.id);
  }

  async #answer(id: number, method: string, argument: unknown): Promise<void> {
    const stop = new AbortController();
    this.#running.set(id, stop);
    try {
      const answer = await this.ours[method]?.(argument as never, stop.signal);
      this.#post({ kind: "answer", id, answer });
    } catch (error) {
      this.#post({ kind: "failure", id, failure: toPlain(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  #end(why: Error): void {
    this.#closed ??= why;
    for (const { reject } of this.#asked.values()) reject(this.#closed);
    this.#asked.clear();
    for (const stop of this.#running.values()) stop.abort();
  }

  #post(message: Message): void {
    if (!this.#closed) this.port.postMessage(message);
  }
}
