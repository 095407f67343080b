import type { CredentialSource } from "../credentials/credentialSource";
import type { SecretMask } from "../credentials/secretMask";
import { secretOf } from "../credentials/withoutSecrets";
import type { Log } from "../base/log";
import type { Operation } from "../operation/operation";
import type { BuildStep, ProgressEvent } from "../operation/progressEvent";

type StepLog = Extract<ProgressEvent, { kind: "stepLog" }>;

/** Operation whose log and events contain no secret, not even one that a step prints in pieces. */
export interface MaskedOperation extends Operation {
  /** Reports text that was held back because it may be the beginning of a secret. */
  flush(): void;
}

/** Applies a mask to the log and the events of an operation. */
export function maskedOperation(operation: Operation, mask: SecretMask): MaskedOperation {
  const held = new Map<string, StepLog>();
  const send = (event: StepLog): void => {
    if (event.text !== "") operation.report({ ...event, text: mask.hide(event.text) });
  };
  const release = (step?: BuildStep): void => {
    for (const [key, event] of held) {
      if (step && event.step?.number !== step.number) continue;
      held.delete(key);
      send(event);
    }
  };
  const accept = (event: StepLog): void => {
    const key = `${event.step?.number} ${event.stream}`;
    const text = (held.get(key)?.text ?? "") + event.text;
    const length = mask.shownLength(text);
    if (length < text.length) held.set(key, { ...event, text: text.slice(length) });
    else held.delete(key);
    send({ ...event, text: text.slice(0, length) });
  };
  const report = (event: ProgressEvent): void => {
    if (event.kind === "stepLog") return accept({ ...event, step: event.step && hiddenStep(event.step, mask) });
    if (event.kind === "stepFinished") release(event.step);
    operation.report(hidden(event, mask));
  };
  return { ...operation, log: maskedLog(operation.log, mask), report, flush: () => release() };
}

/** Adds all credentials that are found to a mask. */
export function maskedCredentials(credentials: CredentialSource, mask: SecretMask): CredentialSource {
  return {
    async find(host, question) {
      const answer = await credentials.find(host, question);
      if (answer) mask.add(secretOf(answer.credentials));
      return answer;
    },
  };
}

function hidden(event: Exclude<ProgressEvent, StepLog>, mask: SecretMask): ProgressEvent {
  switch (event.kind) {
    case "stepStarted":
      return { ...event, step: hiddenStep(event.step, mask) };
    case "stepFinished":
      return {
        ...event,
        step: hiddenStep(event.step, mask),
        ...(event.error !== undefined && { error: mask.hide(event.error) }),
      };
    case "transfer":
      return { ...event, step: event.step && hiddenStep(event.step, mask), label: mask.hide(event.label) };
    case "warning":
      return {
        ...event,
        message: mask.hide(event.message),
        ...(event.detail !== undefined && { detail: mask.hide(event.detail) }),
      };
    case "message":
    case "layer":
      return { ...event, text: mask.hide(event.text) };
    case "imageBuilt":
    case "pushStarted":
    case "pushed":
      return event;
  }
}

function hiddenStep(step: BuildStep, mask: SecretMask): BuildStep {
  const name = mask.hide(step.name);
  return name === step.name ? step : { ...step, name };
}

function maskedLog(log: Log, mask: SecretMask): Log {
  const write =
    (level: keyof Log) =>
    (message: string): void =>
      log[level](mask.hide(message));
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
