import { styleText } from "node:util";
import { systemCodeOf } from "../core/errors";
import { visible } from "../core/text/visible";

/** Writes to stdout. Resolves once the text is handed over; a reader that has gone away, such as `head`, is no failure. */
export function printResult(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error && !isGone(error)) reject(error);
      else resolve();
    });
  });
}

/** Writes a line for people to stderr, with the characters that control a terminal made visible. */
export function printNote(text: string): void {
  process.stderr.write(`${visible(text, "lines")}\n`);
}

/** Writes a line such as `warning: …` to stderr. */
export function printLabeled(label: "error" | "warning", text: string): void {
  process.stderr.write(`${painted(`${label}:`, label === "error" ? "red" : "yellow", process.stderr)} ${visible(text, "lines")}\n`);
}

/** Colors a text where the stream is a terminal that wants colors. */
export function painted(text: string, color: "red" | "yellow" | "cyan" | "gray" | "bold", stream: NodeJS.WriteStream = process.stdout): string {
  return hasColors(stream) ? styleText(color, text) : text;
}

function hasColors({ isTTY }: NodeJS.WriteStream): boolean {
  return isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}

/** Keeps a reader that has gone away from ending the program with a stack. */
export function ignoreClosedStreams(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      if (!isGone(error)) throw error;
    });
  }
}

function isGone(error: unknown): boolean {
  return ["EPIPE", "ERR_STREAM_DESTROYED"].includes(systemCodeOf(error) ?? "");
}
