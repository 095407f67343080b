import type { ProgressEvent } from "../../src/core/operation/progressEvent";
import type { Operation } from "../../src/core/operation/operation";

/** An operation that remembers what was logged (`level: message`) and reported. */
export interface RecordingOperation extends Operation {
  readonly logged: string[];
  readonly events: ProgressEvent[];
}

/** @param signal cancels the operation; default is one that never does */
export function recordingOperation(signal: AbortSignal = new AbortController().signal): RecordingOperation {
  const logged: string[] = [];
  const events: ProgressEvent[] = [];
  const at = (level: string) => (message: string) => void logged.push(`${level}: ${message}`);
  return {
    logged,
    events,
    signal,
    log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
    report: (event) => void events.push(event),
  };
}
