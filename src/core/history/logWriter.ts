import { appendFileSync } from "node:fs";
import { appendFile, mkdir, rm, utimes } from "node:fs/promises";
import { logFileOf, packedText, packedLogOf } from "./logFiles";
import type { LogText } from "./logText";
import { beatMs } from "./owner";
import { writeWhole } from "./writeWhole";

/** Time in milliseconds that lines are collected before they are written. */
const collectMs = 500;

/**
 * Writes the log of a running build to a file while it grows, so that a build that is interrupted has a log, and packs
 * it at the end. A failed write ends the writing: a full disk must not fail the build.
 */
export class LogWriter {
  #written = 0;
  #timer: NodeJS.Timeout | undefined;
  #last: Promise<void>;
  #hasFailed = false;
  #hasEnded = false;
  readonly #beat: NodeJS.Timeout;

  /** @param failed receives the first error of the file system */
  constructor(
    private readonly folder: string,
    private readonly id: string,
    private readonly text: LogText,
    private readonly failed: (error: unknown) => void,
  ) {
    this.#last = this.#run(() => mkdir(folder, { recursive: true }));
    this.#beat = setInterval(() => this.#queue(() => utimes(this.#file, new Date(), new Date())), beatMs).unref();
    this.changed();
  }

  /** Call it after a line was appended to the text. */
  changed(): void {
    if (!this.#hasEnded) this.#timer ??= this.#schedule();
  }

  /** Packs the log in its final state. @returns whether it is stored */
  async end(): Promise<boolean> {
    this.#stop();
    this.#queue(async () => {
      await writeWhole(packedLogOf(this.folder, this.id), await packedText(this.text.toString()));
      await rm(this.#file, { force: true });
    });
    await this.#last;
    return !this.#hasFailed;
  }

  /** Writes the rest of the log before it returns: for a process that is about to end. */
  endNow(): void {
    this.#stop();
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    try {
      appendFileSync(this.#file, this.text.beginningFrom(this.#written) + this.text.rest(), { mode: 0o600 });
    } catch (error) {
      this.failed(error);
    }
  }

  get #file(): string {
    return logFileOf(this.folder, this.id);
  }

  #schedule(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      this.#queue(() => this.#writeNew());
    }, collectMs).unref();
  }

  /** Takes the lines as it begins, so that `endNow` neither repeats nor omits any. */
  async #writeNew(): Promise<void> {
    const from = this.#written;
    this.#written = this.text.beginningLines;
    await appendFile(this.#file, this.text.beginningFrom(from), { mode: 0o600 });
  }

  #queue(write: () => Promise<unknown>): void {
    this.#last = this.#last.then(() => this.#run(write));
  }

  async #run(write: () => Promise<unknown>): Promise<void> {
    if (this.#hasFailed) return;
    try {
      await write();
    } catch (error) {
      this.#hasFailed = true;
      this.failed(error);
    }
  }

  #stop(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    clearInterval(this.#beat);
  }
}
