import { ImageBuilderError, messageOf } from "../core/base/errors";
import { bugs } from "../../package.json";

/** Failure in the form of the JSON output. */
export interface FailureReport {
  readonly code: string;
  readonly message: string;
  /** Absolute path of the file with the error. */
  readonly file?: string;
  /** Line number, from 1. */
  readonly line?: number;
}

/** Converts any thrown value to a report. */
export function failureReport(error: unknown): FailureReport {
  if (!ImageBuilderError.is(error)) {
    const message = `Image Builders failed unexpectedly (${messageOf(error)}). Report it at ${bugs.url}.`;
    return { code: "unexpected", message };
  }
  const { code, message, location } = error;
  return { code, message, ...(location && { file: location.file, line: location.line }) };
}

/** Formats a failure as a line of JSON. */
export function failureJson(report: FailureReport): string {
  return `${JSON.stringify({ error: report })}\n`;
}

/** Formats a failure as a sentence, with the file and line in front. */
export function failureText({ message, file, line }: FailureReport): string {
  return file === undefined ? message : `${file}${line === undefined ? "" : `:${line}`}: ${message}`;
}
