import { ImageBuilderError } from "../base/errors";
import { ImageRefusal } from "../base/imageRefusal";
import { networkRemedy } from "./daemonNetwork";

/** A push or pull that failed, with the words of the daemon. */
export interface FailedTransfer {
  readonly action: "push" | "pull";
  readonly imageName: string;
  readonly words: string;
}

/** Is the cause of a push or pull that failed in the daemon's words. */
export class TransferRefusal extends ImageRefusal {
  constructor(readonly transfer: FailedTransfer) {
    super(transfer.imageName, transfer.words);
  }
}

/** Faults of the daemon itself, for which no registry needs to be queried. */
const local: readonly (readonly [words: RegExp, remedy: string])[] = [
  [/does not exist locally|tag does not exist|no such image/i, "The daemon has no image by that name. Build it first."],
  [/no matching manifest/i, "The image isn't available for the daemon's platform. Choose one that is."],
  [/no space left on device/i, "The disk of the daemon or of the registry is full. Free up space on it."],
];

/** Returns the remedy if the daemon or its network is at fault, judging by the words; otherwise undefined. */
export function daemonRemedy(words: string): string | undefined {
  return local.find(([test]) => test.test(words))?.[1] ?? networkRemedy(words);
}

/** Returns the error for a push or pull that failed, in the daemon's words. */
export function transferFailure(transfer: FailedTransfer): ImageBuilderError {
  const { action, imageName, words } = transfer;
  const sentence = /[.!?]$/.test(words) ? words : `${words}.`;
  const remedy = daemonRemedy(words);
  return new ImageBuilderError(
    codeOf(action),
    `Can't ${action} ${imageName}: ${sentence}${remedy ? ` ${remedy}` : ""}`,
    { cause: new TransferRefusal(transfer) },
  );
}

/** Returns the same error with the registry's reason: a whole sentence, and the next step. */
export function explainedTransfer(transfer: FailedTransfer, reason: ImageBuilderError): ImageBuilderError {
  const { action, imageName } = transfer;
  const cause = new ImageBuilderError(reason.code, reason.message, { cause: new TransferRefusal(transfer) });
  return new ImageBuilderError(codeOf(action), `Can't ${action} ${imageName}: ${reason.message}`, { cause });
}

function codeOf(action: FailedTransfer["action"]): "pushFailed" | "pullFailed" {
  return action === "push" ? "pushFailed" : "pullFailed";
}
