import type { BuildOutcome } from "../../../api/api";
import { newBuildId } from "../../../core/history/buildId";
import { LogText } from "../../../core/history/logText";
import type { FinishedStep } from "../../../core/dockerfile/stepLines";
import type { ReportRecorder } from "../../../core/report/reportRecorder";
import type { BuildAnswers } from "../../platform/memory";

/** Maximum number of finished steps that are kept; real builds have some hundred. */
const mostSteps = 2_000;

/** State or result of a build. */
export type BuildState =
  | { readonly kind: "running"; readonly step: string }
  | { readonly kind: "done"; readonly outcome: BuildOutcome }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "cancelled" }
  /** The window that ran the build was closed or reloaded. */
  | { readonly kind: "interrupted" };

/** Parameters of a build. */
export interface BuildStart {
  /** Whether it only pushes an image that the daemon has. */
  readonly kind: "build" | "push";
  /** Full image names with their tags, at least one. */
  readonly imageNames: readonly string[];
  readonly answers: BuildAnswers;
  readonly startedAt: Date;
}

/** Build of an earlier or another window, as it was stored. */
export interface StoredBuild extends BuildStart {
  readonly id: string;
  readonly state: BuildState;
  readonly endedAt?: Date;
  readonly builtImageId?: string;
  /** Names of build arguments whose values were not stored. */
  readonly omittedArgs: readonly string[];
}

/** Build of this workspace. */
export class Build {
  readonly id: string;
  /** Whether the build was started in this window. */
  readonly isOwn: boolean;
  readonly kind: BuildStart["kind"];
  readonly imageNames: readonly string[];
  readonly answers: BuildAnswers;
  readonly startedAt: Date;
  readonly omittedArgs: readonly string[];
  /** Log of a build of this window until it has ended and its log is stored. */
  log: LogText | undefined;
  /** Finished steps of a build of this window. */
  readonly #steps: FinishedStep[] = [];
  /** Report of a build of this window until it is stored. */
  recorder: ReportRecorder | undefined;
  #endedAt: Date | undefined;
  #builtImageId: string | undefined;
  #state: BuildState;
  readonly #abort = new AbortController();

  /** @param changed is called with each change of the state */
  constructor(
    start: BuildStart | StoredBuild,
    private readonly changed: (build: Build) => void = () => undefined,
  ) {
    const stored = "id" in start ? start : undefined;
    this.isOwn = stored === undefined;
    this.id = stored?.id ?? newBuildId(start.startedAt);
    this.kind = start.kind;
    this.imageNames = start.imageNames;
    this.answers = start.answers;
    this.startedAt = start.startedAt;
    this.omittedArgs = stored?.omittedArgs ?? [];
    this.log = stored ? undefined : new LogText();
    this.#endedAt = stored?.endedAt;
    this.#builtImageId = stored?.builtImageId;
    this.#state = stored?.state ?? { kind: "running", step: "" };
  }

  get state(): BuildState {
    return this.#state;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get imageName(): string {
    return this.imageNames[0] ?? "";
  }

  get steps(): readonly FinishedStep[] {
    return this.#steps;
  }

  /** Adds a finished step; those of an endless build are not all kept. */
  finishStep(step: FinishedStep): void {
    if (this.#steps.length < mostSteps) this.#steps.push(step);
  }

  get endedAt(): Date | undefined {
    return this.#endedAt;
  }

  /** `name@sha256:…` of the pushed image; undefined unless the build succeeded and pushed. */
  get repoDigest(): string | undefined {
    return this.#state.kind === "done" ? this.#state.outcome.repoDigest : undefined;
  }

  /** ID of the image, once the daemon has built it. */
  get builtImageId(): string | undefined {
    return this.#builtImageId;
  }

  set builtImageId(imageId: string | undefined) {
    this.#builtImageId = imageId;
  }

  /** Whether the daemon has built the image, and only the push failed. */
  get canPushAgain(): boolean {
    const { registry, options } = this.answers;
    const isInDaemon = this.#builtImageId !== undefined && !options.output;
    return this.#state.kind === "failed" && registry !== undefined && isInDaemon;
  }

  /** Whether the daemon got the image of this build. */
  get canRun(): boolean {
    return this.#state.kind === "done" && this.#builtImageId !== undefined && !this.answers.options.output;
  }

  /** Time in milliseconds that the build took, without the time of prompts if it succeeded. */
  get durationMs(): number | undefined {
    if (this.#state.kind === "done") return this.#state.outcome.durationMs;
    return this.#endedAt && this.#endedAt.getTime() - this.startedAt.getTime();
  }

  become(state: BuildState): void {
    this.#state = state;
    if (state.kind !== "running") this.#endedAt = new Date();
    this.changed(this);
  }

  cancel(): void {
    this.#abort.abort();
  }
}
