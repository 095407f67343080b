import { styleText } from "node:util";
import { ImageBuilderError, messageOf, systemCodeOf } from "../core/base/errors";
import { visible } from "../core/text/visible";

/**
 * Writes to stdout. Resolves once the text is flushed, and also if the reader has closed the pipe, as `head` does.
 *
 * @throws ImageBuilderError `exportFailed` if writing fails for any other reason
 */
export function printResult(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (!error || ["EPIPE", "ERR_STREAM_DESTROYED"].includes(systemCodeOf(error) ?? "")) return resolve();
      const message = `Can't write the output (${messageOf(error)}). Write it to another location.`;
      reject(new ImageBuilderError("exportFailed", message, { cause: error }));
    });
  });
}

/**
 * Makes untrusted text safe to print: shows terminal control characters, and keeps lines from being read as workflow
 * commands, which GitHub looks for in all output of a step.
 */
export function plainLines(text: string): string {
  const lines = visible(text, "lines").split("\n");
  return lines.map((line) => (line.trimStart().startsWith("::") ? `|${line}` : line)).join("\n");
}

/** Prints a line such as `warning: …` to stderr. */
export function printLabeled(label: "error" | "warning", text: string): void {
  process.stderr.write(
    `${painted(`${label}:`, label === "error" ? "red" : "yellow", process.stderr)} ${visible(text)}\n`,
  );
}

/** Colors a text if the stream is a terminal and colors are not turned off. */
export function painted(
  text: string,
  color: "red" | "yellow" | "cyan" | "gray" | "bold",
  stream: NodeJS.WriteStream = process.stdout,
): string {
  return hasColors(stream) ? styleText(color, text) : text;
}

function hasColors({ isTTY }: NodeJS.WriteStream): boolean {
  return isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}

/** Keeps a stream error from ending the program with a stack trace; `printResult` reports it. */
export function watchOutputs(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}
