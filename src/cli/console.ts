import { styleText } from "node:util";
import { ImageBuilderError, messageOf, systemCodeOf } from "../core/base/errors";
import { visible } from "../core/text/visible";

/**
 * Writes to stdout. Resolves once the text is handed over; a reader that has gone away, such as `head`, is no failure.
 *
 * @throws ImageBuilderError `exportFailed` for an output that cannot be written
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
 * Makes foreign text harmless where people read it: shows the characters that control a terminal, and keeps a line from
 * being taken for a workflow command, which GitHub looks for in all that a step writes.
 */
export function plainLines(text: string): string {
  const lines = visible(text, "lines").split("\n");
  return lines.map((line) => (line.trimStart().startsWith("::") ? `|${line}` : line)).join("\n");
}

/** Writes a line such as `warning: …` to stderr. */
export function printLabeled(label: "error" | "warning", text: string): void {
  process.stderr.write(
    `${painted(`${label}:`, label === "error" ? "red" : "yellow", process.stderr)} ${visible(text)}\n`,
  );
}

/** Colors a text where the stream is a terminal that wants colors. */
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

/** Keeps an output that cannot be written from ending the program with a stack: `printResult` reports it. */
export function watchOutputs(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}
