import type { DaemonMessage } from "../../transport/daemonMessage";
import type { BuildStep, ProgressEvent } from "../../operation/progressEvent";
import { layerEvent } from "./layerState";
import { endOf } from "./stepOutput";

/**
 * Matches `Step 2/4 : RUN make` of Docker and `STEP 2/4: RUN make` of Podman. Podman restarts the numbers in each
 * stage, so steps are counted here.
 */
const stepHeader = /^(?:\[\d+\/\d+\] )?STEP \d+(?:\/\d+)? ?: ?(.+)$/i;
const usedCache = /^ ?-+> Using cache/;
/** Ids of intermediate containers and layers, and similar internal lines of the classic builder. */
const bookkeeping =
  /^ ?-+> (?:Running in )?[0-9a-f]{6,}\s*$|^Removing intermediate container|^-+> [0-9a-f]{6,}|^COMMIT /;
/**
 * Maximum number of characters of an incomplete line that are held back, because it may become a header or an internal
 * line.
 */
const longestHeader = 8192;
const redWrapper = /^\u001b\[91m([\s\S]*?)\u001b\[0m$/;

/** Converts the lines of the classic builder and of Podman to the same events as BuildKit's. */
export class ClassicProgress {
  #current: { readonly step: BuildStep; readonly startedAt: number; cached: boolean; output: string } | undefined;
  #steps = 0;
  #line = "";
  /** Whether the beginning of the line was already reported, so the rest is output too. */
  #isWithinLine = false;
  /** Whether a header came last: Docker sends its newline separately, which is not an empty line of output. */
  #afterHeader = true;

  constructor(private readonly report: (event: ProgressEvent) => void) {}

  /** Running step; if the build fails, the step that failed. */
  get current(): BuildStep | undefined {
    return this.#current?.step;
  }

  /** End of the current step's output. */
  get output(): string {
    return this.#current?.output ?? "";
  }

  /** Processes one message of the build stream. */
  accept(message: DaemonMessage): void {
    if (message.stream !== undefined) return this.#acceptText(message.stream);
    const layer = layerEvent(message);
    if (layer) this.report(layer);
    else if (message.status)
      this.report({ kind: "message", text: message.id ? `${message.id}: ${message.status}` : message.status });
  }

  /** Ends the last step; it has failed if an error is given. */
  finish(error?: string): void {
    this.#flush();
    if (!this.#current) return;
    const { step, startedAt, cached } = this.#current;
    if (!error) this.#current = undefined;
    this.report({
      kind: "stepFinished",
      step,
      cached,
      durationMs: cached ? undefined : performance.now() - startedAt,
      error,
    });
  }

  #acceptText(text: string): void {
    const red = redWrapper.exec(text);
    if (red) {
      this.#flush();
      return this.#log(red[1] ?? "", "stderr");
    }
    // A header may arrive in pieces (Podman) or without its newline (Docker), so only whole lines are examined.
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#acceptPiece(this.#line + text.slice(start, end), "\n");
      start = end + 1;
    }
    this.#line += text.slice(start);
    if (!this.#isWithinLine && stepHeader.test(this.#line)) this.#flush();
    else if (this.#isWithinLine || this.#line.length > longestHeader) this.#acceptPiece(this.#line, "");
  }

  /** Processes a line, or the next part of a line that is too long to be anything but output. */
  #acceptPiece(piece: string, newline: "\n" | ""): void {
    this.#line = "";
    const isPart = this.#isWithinLine || (newline === "" && piece.length > longestHeader);
    this.#isWithinLine = isPart && newline === "";
    if (!isPart) this.#acceptLine(piece, newline);
    else if (piece !== "" || newline !== "") this.#log(piece + newline, "stdout");
  }

  #flush(): void {
    if (this.#line === "") return;
    const line = this.#line;
    this.#line = "";
    this.#acceptLine(line, "");
  }

  #acceptLine(line: string, newline: string): void {
    const header = stepHeader.exec(line);
    if (line !== "") this.#afterHeader = header !== null;
    if (header) {
      this.finish();
      this.#current = {
        step: { number: ++this.#steps, name: header[1] ?? line },
        startedAt: performance.now(),
        cached: false,
        output: "",
      };
      this.report({ kind: "stepStarted", step: this.#current.step });
    } else if (usedCache.test(line)) {
      if (this.#current) this.#current.cached = true;
    } else if (/^Successfully (?:built|tagged) /.test(line)) {
      this.report({ kind: "message", text: line });
    } else if (line.startsWith("[Warning] ")) {
      this.report({ kind: "warning", message: line.slice("[Warning] ".length) });
    } else if (!bookkeeping.test(line) && !(line === "" && this.#afterHeader)) {
      this.#log(line + newline, "stdout");
    }
  }

  #log(text: string, stream: "stdout" | "stderr"): void {
    if (this.#current) this.#current.output = endOf(this.#current.output, text);
    this.report({ kind: "stepLog", step: this.current, text, stream });
  }
}
