import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";

const file = new URL("results.md", import.meta.url);
const head =
  "# What was measured\n\n" +
  "Written by `npm run bench`; each section says when, where and how. Compare within a section only.\n";

/** Row of a table, by column. */
export type Row = Readonly<Record<string, string | number | undefined>>;

/** Returns the median; for an even count, the upper of the two middle values. NaN for an empty list. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
}

/** Prints a table and writes it to `results.md`, replacing the section with the same title. */
export function writeResults(title: string, how: string, rows: readonly Row[]): void {
  console.table(rows);
  const where =
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, ` +
    `Node ${process.versions.node}, load ${(loadavg()[0] ?? 0).toFixed(1)} at the end`;
  const section = `## ${title}\n\n${how}\n\n${where}\n\n${tableOf(rows)}\n`;
  const sections = existsSync(file)
    ? readFileSync(file, "utf8")
        .split(/^(?=## )/m)
        .slice(1)
    : [];
  const others = sections.map((each) => `${each.trimEnd()}\n`).filter((each) => !each.startsWith(`## ${title}\n`));
  writeFileSync(file, [head, ...[...others, section].sort()].join("\n"));
}

function tableOf(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const isNumeric = (column: string): boolean =>
    rows.every((row) => row[column] === undefined || typeof row[column] === "number");
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(columns),
    line(columns.map((column) => (isNumeric(column) ? "--:" : "---"))),
    ...rows.map((row) => line(columns.map((column) => row[column]?.toLocaleString("en") ?? "–"))),
  ].join("\n");
}
