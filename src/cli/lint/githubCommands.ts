import type { Severity } from "../../core/context/lint/state/finding";
import { slashed } from "./lintTargets";
import type { FileFinding } from "./lintFiles";

const levels: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  information: "notice",
  hint: "notice",
};

/**
 * Formats findings as workflow commands, which GitHub turns into annotations.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubCommands(findings: readonly FileFinding[]): string {
  return findings.map((finding) => `${commandOf(finding)}\n`).join("");
}

function commandOf({ file, code, severity, message, range }: FileFinding): string {
  const properties = { file: slashed(file), line: range.line, col: range.column, endLine: range.endLine };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(String(value))}`);
  return `::${levels[severity]} ${written.join(",")}::${escapedData(`${message} (${code})`)}`;
}

/** Escapes the message of a workflow command. */
export function escapedData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
