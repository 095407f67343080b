import type { ErrorLocation } from "../base/errors";

/** Warning of a builder, such as one of BuildKit's Dockerfile checks. */
export interface BuildWarning {
  readonly kind: "warning";
  readonly message: string;
  /** More sentences, separated by line breaks. */
  readonly detail?: string;
  /** Page that explains it, as the builder reports it; not checked. */
  readonly url?: string;
  readonly location?: ErrorLocation;
}

/** Step of a build as the builder numbers it; `number` counts from 1 in the order in which steps were announced. */
export interface BuildStep {
  readonly number: number;
  /** Builder's own text, such as `[build 2/4] RUN make`. */
  readonly name: string;
}

/** State of one image layer on its way to or from a registry. */
export type LayerState =
  "preparing" | "waiting" | "downloading" | "extracting" | "pushing" | "retrying" | "done" | "exists";

/** Decoded progress of a build or push: the same shape for BuildKit, the classic builder, and Podman. */
export type ProgressEvent =
  | { readonly kind: "stepStarted"; readonly step: BuildStep }
  | {
      readonly kind: "stepFinished";
      readonly step: BuildStep;
      readonly cached: boolean;
      readonly durationMs?: number;
      readonly error?: string;
    }
  | {
      readonly kind: "stepLog";
      readonly step: BuildStep | undefined;
      readonly text: string;
      readonly stream: "stdout" | "stderr";
    }
  /** Bytes moved within a step, such as `transferring context`; `totalBytes` only if the daemon knows it. */
  | {
      readonly kind: "transfer";
      readonly step: BuildStep | undefined;
      readonly label: string;
      readonly currentBytes: number;
      readonly totalBytes?: number;
    }
  | BuildWarning
  | { readonly kind: "message"; readonly text: string }
  /** Id of the finished image in the daemon, `sha256:…`; not its digest in a registry. */
  | { readonly kind: "imageBuilt"; readonly imageId: string }
  | { readonly kind: "pushStarted"; readonly imageName: string }
  | {
      readonly kind: "layer";
      readonly layerId: string;
      readonly state: LayerState;
      readonly currentBytes?: number;
      readonly totalBytes?: number;
      /** The daemon's own words, such as `Retrying in 5 seconds`. */
      readonly text: string;
    }
  | { readonly kind: "pushed"; readonly imageName: string; readonly repoDigest: string };
