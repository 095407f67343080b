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

/** The event for a message about one layer on its way to or from a registry; nothing for any other message. */
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

/** A daemon tells -1 where it does not know. */
function bytesOf(told: number | undefined): number | undefined {
  return told !== undefined && told >= 0 ? told : undefined;
}
