import type { DaemonMessage } from "../../transport/daemonMessage";
import type { LayerState, ProgressEvent } from "../../operation/progressEvent";

const states: readonly (readonly [pattern: RegExp, state: LayerState])[] = [
  [/^Retrying/, "retrying"],
  [/^Preparing|^Prepared/, "preparing"],
  [/^Waiting|^Pulling fs layer|^Unavailable/, "waiting"],
  [/^Downloading|^Verifying|^Download complete/, "downloading"],
  [/^Extracting/, "extracting"],
  [/^Pushing/, "pushing"],
  [/^Pushed|^Pull complete/, "done"],
  [/^Layer already exists|^Already exists|^Mounted from/, "exists"],
];

/** Returns the event for a message about a layer that is pulled or pushed; undefined for other messages. */
export function layerEvent(message: DaemonMessage): ProgressEvent | undefined {
  const { id, status, progressDetail } = message;
  if (!id || !status) return undefined;
  const state = states.find(([pattern]) => pattern.test(status))?.[1];
  if (!state) return undefined;
  return {
    kind: "layer",
    layerId: id,
    state,
    currentBytes: bytesOf(progressDetail?.current),
    totalBytes: bytesOf(progressDetail?.total),
    text: status,
  };
}

/** Returns undefined for -1, which a daemon sends for an unknown size. */
function bytesOf(told: number | undefined): number | undefined {
  return told !== undefined && told >= 0 ? told : undefined;
}
