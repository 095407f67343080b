import { ImageBuilderError, messageOf } from "../core/base/errors";
import { bugs } from "../../package.json";

/** A failure as JSON tells it. */
export interface FailureReport {
  readonly code: string;
  readonly message: string;
  /** Absolute path. */
  readonly file?: string;
  /** Counts from 1. */
  readonly line?: number;
}

/** Describes anything that was thrown. */
export function failureReport(error: unknown): FailureReport {
  if (!ImageBuilderError.is(error)) {
    const message = `Image Builders failed unexpectedly (${messageOf(error)}). Report it at ${bugs.url}.`;
    return { code: "unexpected", message };
  }
  const { code, message, location } = error;
  return { code, message, ...(location && { file: location.file, line: location.line }) };
}

/** The JSON for a failure. */
export function failureJson(report: FailureReport): string {
  return `${JSON.stringify({ error: report })}\n`;
}

/** The sentence for people, with the place in front of it. */
export function failureText({ message, file, line }: FailureReport): string {
  return file === undefined ? message : `${file}${line === undefined ? "" : `:${line}`}: ${message}`;
}
