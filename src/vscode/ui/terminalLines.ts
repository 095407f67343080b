import { stripVTControlCharacters } from "node:util";
import { visible } from "../../core/text/visible";

/** Codes of the only colors in a task's terminal: those of the terminal's own theme. */
const colors = { error: "\u001b[31m", warning: "\u001b[33m" } as const;
const plain = "\u001b[0m";

/** Color of a text in a task's terminal. */
export type LineColor = keyof typeof colors;

/** Returns what a terminal shows for a text of any lines, without the escape codes and hidden characters in it. */
export function terminalLines(text: string, color?: LineColor): string {
  return text
    .split("\n")
    .map((line) => visible(stripVTControlCharacters(line)))
    .map((line) => `${color === undefined ? line : `${colors[color]}${line}${plain}`}\r\n`)
    .join("");
}
