import type { Severity } from "../../core/context/lint/state/finding";
import { visible } from "../../core/text/visible";
import { painted, plainLines } from "../console";
import type { FileFinding } from "./lintFiles";

const colors: Readonly<Record<Severity, Parameters<typeof painted>[1]>> = {
  error: "red",
  warning: "yellow",
  information: "cyan",
  hint: "gray",
};

/** Formats findings as lines of text, with their fixes and a summary. */
export function findingLines(findings: readonly FileFinding[]): string {
  return [...findings.flatMap(linesOf), summaryOf(findings), ""].join("\n");
}

function linesOf({ file, code, severity, message, range, fixes }: FileFinding): string[] {
  const place = painted(plainLines(visible(`${file}:${range.line}:${range.column}`)), "bold");
  const titles = fixes.map(({ title }) => `    fix: ${visible(title)}`);
  return [`${place}  ${painted(severity, colors[severity])}  ${visible(message)}  ${painted(code, "gray")}`, ...titles];
}

function summaryOf(findings: readonly FileFinding[]): string {
  if (findings.length === 0) return "No findings.";
  const counts = Object.keys(colors).flatMap((severity) => {
    const count = findings.filter((each) => each.severity === severity).length;
    return count === 0
      ? []
      : [severity === "information" ? `${count} information` : `${count} ${severity}${count === 1 ? "" : "s"}`];
  });
  return `\n${counts.join(", ")}.`;
}
