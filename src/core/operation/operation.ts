import type { SourceConsent } from "../base/sourceConsent";
import type { Upload } from "../context/review/upload";
import type { BuildTrace } from "./buildTrace";
import type { ProgressEvent } from "./progressEvent";
import type { Log } from "../base/log";

/** Services of one running job: its log, its progress reports, and its cancellation. */
export interface Operation {
  readonly log: Log;
  /** Aborted when the user cancels; all work must then stop within a second and leave nothing running. */
  readonly signal: AbortSignal;
  readonly report: (event: ProgressEvent) => void;
  /** Receives facts for the report of a build; without it, they are not collected. They contain no text of a step. */
  readonly trace?: (trace: BuildTrace) => void;
  /** Called once before any part of the Dockerfile or build context is sent; an error that it throws ends the job. */
  readonly confirmUpload?: (upload: Upload) => Promise<void>;
  /**
   * Called before a build's secrets, files, variables, and keys are read; without it, the caller is responsible for its
   * options.
   */
  readonly consent?: SourceConsent;
}
