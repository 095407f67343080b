import type { ErrorLocation } from "../base/errors";

/** What a builder warns of, such as a check of BuildKit's on the Dockerfile. */
export interface BuildWarning {
  readonly kind: "warning";
  readonly message: string;
  /** More sentences, with line ends between them. */
  readonly detail?: string;
  /** Where it is explained, as the builder says; not checked. */
  readonly url?: string;
  readonly location?: ErrorLocation;
}

/** A step of a build as the builder numbers it; `number` counts from 1 in the order in which steps were announced. */
export interface BuildStep {
  readonly number: number;
  /** The builder's own text, such as `[build 2/4] RUN make`. */
  readonly name: string;
}

/** How far one image layer is on its way to or from a registry. */
export type LayerState =
  "preparing" | "waiting" | "downloading" | "extracting" | "pushing" | "retrying" | "done" | "exists";

/**
 * What the daemon tells while it builds and pushes, decoded: one shape for BuildKit, the classic builder and podman.
 */
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
  /** Bytes moved within a step, such as `transferring context`; `totalBytes` only where the daemon knows it. */
  | {
      readonly kind: "transfer";
      readonly step: BuildStep | undefined;
      readonly label: string;
      readonly currentBytes: number;
      readonly totalBytes?: number;
    }
  | BuildWarning
  | { readonly kind: "message"; readonly text: string }
  /** The id of the finished image in the daemon, `sha256:…`; not the digest a registry knows it by. */
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
