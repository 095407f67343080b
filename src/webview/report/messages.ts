/** Color of a step. */
export type StepLook = "run" | "cached" | "internal" | "transfer" | "push" | "failed";

/** Reason why a step was not cached. */
export interface DrawnCause {
  readonly text: string;
  /** Index of the step that caused it. */
  readonly step?: number;
  readonly files: readonly DrawnFile[];
}

/** Changed file of the build context. */
export interface DrawnFile {
  /** Path and what has changed. */
  readonly label: string;
  /** Index by which it is opened; undefined for a file that is gone. */
  readonly index?: number;
  /** Whether no instruction names it, so that a rule may exclude it. */
  readonly canExclude: boolean;
}

/** Step of a build, with its texts. */
export interface DrawnStep {
  readonly name: string;
  /** Number in the log, such as `#5`; empty for a push. */
  readonly number: string;
  readonly look: StepLook;
  readonly stage: string;
  readonly state: string;
  readonly start: string;
  readonly duration: string;
  /** Transferred bytes; empty if there are none. */
  readonly amount: string;
  /** Further facts, such as the wait before it. */
  readonly facts: readonly string[];
  readonly error: string;
  /** Why it was not cached; empty if it was, or while that isn't known yet. */
  readonly causes: readonly DrawnCause[];
  /** Place in the Dockerfile, such as `Dockerfile:4`; empty if it is unknown. */
  readonly place: string;
}

/** Bar of a step; positions are parts of the width, from 0 to 1. */
export interface DrawnBar {
  /** Index of the step. */
  readonly step: number;
  readonly from: number;
  readonly to: number;
  readonly spans: readonly { readonly from: number; readonly to: number }[];
  readonly readyAt?: number;
}

/** Report of a build, as it is drawn. */
export interface ReportPicture {
  readonly type: "report";
  readonly name: string;
  readonly isRunning: boolean;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly steps: readonly DrawnStep[];
  readonly lanes: readonly { readonly label: string; readonly bars: readonly DrawnBar[] }[];
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly slowest: readonly { readonly step: number; readonly share: number }[];
  readonly transfers: readonly {
    readonly label: string;
    readonly size: string;
    readonly share: number;
    readonly look: StepLook;
  }[];
  readonly layers: readonly {
    readonly name: string;
    readonly size: string;
    readonly share: number;
    /** Difference from the previous build; empty if there is none. */
    readonly change: string;
    readonly kind: "same" | "changed" | "new" | "removed";
  }[];
  /** What the layers are compared with, or why there are none. */
  readonly layersNote: string;
  readonly warnings: readonly { readonly message: string; readonly detail: string; readonly place: string }[];
  /** Notes on what is not in the report. */
  readonly notes: readonly string[];
}

/** Message to the page. */
export type ToReport = ReportPicture | { readonly type: "problem"; readonly message: string };

/** Action on a step, a warning, or a changed file, by its index. */
export type ReportAction = "openStep" | "openLog" | "openWarning" | "openFile" | "excludeFile";

/** Message from the page. */
export type FromReport =
  { readonly type: "ready" } | { readonly type: "act"; readonly action: ReportAction; readonly index: number };

/** State that the page keeps between sessions. */
export interface ReportState {
  /** ID of the build. */
  readonly build: string;
  readonly isTable: boolean;
}

/** Texts of the page itself. */
export interface ReportTexts {
  readonly timeline: string;
  readonly table: string;
  readonly step: string;
  readonly stage: string;
  readonly state: string;
  readonly start: string;
  readonly duration: string;
  readonly amount: string;
  readonly line: string;
  readonly log: string;
  readonly openLine: string;
  readonly openLog: string;
  readonly slowest: string;
  readonly layers: string;
  readonly transfers: string;
  readonly warnings: string;
  readonly noSteps: string;
  readonly noTransfers: string;
  readonly noWarnings: string;
  readonly choose: string;
  readonly help: string;
  readonly whyNotCached: string;
  readonly exclude: string;
  readonly legend: Readonly<Record<StepLook | "waiting", string>>;
}
