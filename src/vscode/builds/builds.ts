import { basename } from "node:path";
import * as vscode from "vscode";
import type { BuildOutcome } from "../../api/api";
import { ImageBuilderError } from "../../core/base/errors";
import type { BuildAnswers } from "../platform/memory";

const kept = 20;

/** State or result of a build. */
export type BuildState =
  | { readonly kind: "running"; readonly step: string }
  | { readonly kind: "done"; readonly outcome: BuildOutcome }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "cancelled" };

/** Build that was started in this window. */
export class Build {
  readonly startedAt = new Date();
  readonly #abort = new AbortController();
  #state: BuildState = { kind: "running", step: "" };

  constructor(
    /** Full image names with their tags, at least one. */
    readonly imageNames: readonly string[],
    readonly answers: BuildAnswers,
    private readonly changed: (build: Build) => void,
  ) {}

  get state(): BuildState {
    return this.#state;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get imageName(): string {
    return this.imageNames[0] ?? "";
  }

  /** `name@sha256:…` of the pushed image; undefined unless the build succeeded and pushed. */
  get repoDigest(): string | undefined {
    return this.#state.kind === "done" ? this.#state.outcome.repoDigest : undefined;
  }

  become(state: BuildState): void {
    this.#state = state;
    this.changed(this);
  }

  cancel(): void {
    this.#abort.abort();
  }
}

/** Builds of this window, newest first. Disposal cancels the running ones. */
export class Builds implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Build | undefined>();
  readonly onDidChange = this.#changed.event;
  #list: readonly Build[] = [];

  get list(): readonly Build[] {
    return this.#list;
  }

  get running(): readonly Build[] {
    return this.#list.filter((build) => build.state.kind === "running");
  }

  /**
   * Checks that the same Dockerfile is not being built in the same folder.
   *
   * @throws ImageBuilderError `buildRunning`
   */
  refuseSecond({ folder, dockerfile }: Pick<BuildAnswers, "folder" | "dockerfile">): void {
    const same = this.running.find(({ answers }) => answers.folder === folder && answers.dockerfile === dockerfile);
    if (!same) return;
    const message = vscode.l10n.t(
      '"{0}" is already being built as {1}. Wait for that build or cancel it.',
      basename(folder),
      same.imageName,
    );
    throw new ImageBuilderError("buildRunning", message);
  }

  /**
   * Adds a running build. The newest 20 builds and all running ones are kept.
   *
   * @throws ImageBuilderError `buildRunning`, as `refuseSecond`
   */
  start(imageNames: readonly string[], answers: BuildAnswers): Build {
    this.refuseSecond(answers);
    const build = new Build(imageNames, answers, (changed) => this.#changed.fire(changed));
    this.#list = [build, ...this.#list.filter((each, i) => i < kept - 1 || each.state.kind === "running")];
    this.#changed.fire(undefined);
    return build;
  }

  /** Removes the builds that have ended. */
  clear(): void {
    this.#list = this.running;
    this.#changed.fire(undefined);
  }

  dispose(): void {
    for (const build of this.running) build.cancel();
    this.#changed.dispose();
  }
}

/** Gives access to the extension's `Builds`. */
export interface WithBuilds {
  readonly builds: Builds;
}
