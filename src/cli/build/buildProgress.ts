import type { ProgressEvent } from "../../core/operation/progressEvent";
import type { Log } from "../../core/base/log";
import { BuildLog } from "../../core/progress/buildLog";
import { ProgressText } from "../../core/progress/progressText";
import { visible } from "../../core/text/visible";
import { plainLines, printLabeled } from "../console";
import { StatusLine } from "./statusLine";

/** Writes the steps of a build to stderr, and on a terminal the current activity in a status line. */
export class BuildProgress {
  readonly #status: StatusLine;
  readonly #lines = new BuildLog((line) => this.#status.print(plainLines(line)));
  readonly #text = new ProgressText();

  /** @param isPlain whether to leave out the status line even on a terminal */
  constructor(
    private readonly isQuiet: boolean,
    isPlain = false,
  ) {
    this.#status = new StatusLine(process.stderr, isPlain);
  }

  readonly log: Log = {
    debug: () => undefined,
    info: (message) => this.#note(message),
    warn: (message) => this.#warn("warning", message),
    error: (message) => this.#warn("error", message),
  };

  readonly report = (event: ProgressEvent): void => {
    if (this.isQuiet) return;
    this.#lines.accept(event);
    const text = this.#text.accept(event);
    // Other events are printed as lines.
    if (text !== undefined && (event.kind === "transfer" || event.kind === "layer")) this.#status.show(visible(text));
  };

  /** Prints buffered output and removes the status line. */
  end(): void {
    if (!this.isQuiet) this.#lines.end();
    this.#status.clear();
  }

  #note(message: string): void {
    if (!this.isQuiet) this.#lines.line(message);
  }

  #warn(label: "warning" | "error", message: string): void {
    this.#status.clear();
    printLabeled(label, message);
  }
}
