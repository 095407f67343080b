import type { SourceConsent } from "../base/sourceConsent";
import type { Upload } from "../context/review/upload";
import type { ProgressEvent } from "./progressEvent";
import type { Log } from "../base/log";

/** What one running job is given: where to log, how to report progress, and when to stop. */
export interface Operation {
  readonly log: Log;
  /** Aborted when the user cancels; whoever waits must then stop within a second and leave nothing running. */
  readonly signal: AbortSignal;
  readonly report: (event: ProgressEvent) => void;
  /** Asked once before anything of the Dockerfile or the context is sent; what it throws ends the job. */
  readonly confirmUpload?: (upload: Upload) => Promise<void>;
  /**
   * Asked before a build's secrets, files, variables and keys are read; without it the caller answers for its options.
   */
  readonly consent?: SourceConsent;
}
