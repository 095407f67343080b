import { ImageBuilderError, messageOf, type ErrorCode } from "../../../core/base/errors";
import type { BuildRecord, FailureRecord } from "../../../core/history/buildRecord";
import type { StoredOptions } from "../../../core/history/storedOptions";
import { keptAnswers } from "../../platform/keptAnswers";
import type { BuildAnswers } from "../../platform/memory";
import type { Build, BuildState, StoredBuild } from "./build";

/** Returns what is stored of a build. */
export function recordOf(build: Build, owner: BuildRecord["owner"], stored: StoredOptions): BuildRecord {
  const { id, kind, state, startedAt, endedAt, imageNames, answers, builtImageId } = build;
  const kept = keptAnswers({ ...answers, options: stored.options });
  return {
    id,
    kind,
    state: state.kind,
    startedAt: startedAt.getTime(),
    ...(endedAt && { endedAt: endedAt.getTime() }),
    imageNames: [...imageNames],
    answers: kept,
    ...(stored.omittedArgs.length > 0 && { omittedArgs: [...stored.omittedArgs] }),
    ...(state.kind === "done" && { result: resultOf(state) }),
    ...(state.kind === "failed" && { failure: failureOf(state.error) }),
    ...(builtImageId !== undefined && { builtImageId }),
    owner,
  };
}

/** Returns a build as it was stored. */
export function storedBuild(record: BuildRecord): StoredBuild {
  const { id, kind, startedAt, endedAt, imageNames, answers, builtImageId, omittedArgs = [] } = record;
  return {
    id,
    kind,
    state: stateOf(record),
    startedAt: new Date(startedAt),
    ...(endedAt !== undefined && { endedAt: new Date(endedAt) }),
    imageNames,
    // The options are checked before a build uses them.
    answers: answers as BuildAnswers,
    ...(builtImageId !== undefined && { builtImageId }),
    omittedArgs,
  };
}

function resultOf({ outcome }: Extract<BuildState, { kind: "done" }>): BuildRecord["result"] {
  const { imageName, repoDigest, imageId, durationMs, exists, sizeBytes, warnings } = outcome;
  return {
    imageName,
    repoDigest,
    imageId,
    durationMs,
    exists,
    sizeBytes,
    ...(warnings && { warnings: [...warnings] }),
  };
}

function failureOf(error: unknown): FailureRecord {
  if (!ImageBuilderError.is(error)) return { message: messageOf(error) };
  const { message, code, location } = error;
  return { message, code, ...(location && { location }) };
}

function stateOf({ state, result, failure }: BuildRecord): BuildState {
  switch (state) {
    case "running":
      return { kind: "running", step: "" };
    case "done":
      return result ? { kind: "done", outcome: result } : { kind: "interrupted" };
    case "failed":
      return { kind: "failed", error: failure ? errorOf(failure) : new Error("") };
    case "cancelled":
    case "interrupted":
      return { kind: state };
  }
}

function errorOf({ message, code, location }: FailureRecord): Error {
  return code === undefined ? new Error(message) : new ImageBuilderError(code as ErrorCode, message, { location });
}
