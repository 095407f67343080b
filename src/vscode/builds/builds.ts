import { basename } from "node:path";
import * as vscode from "vscode";
import type { BuildOutcome } from "../../api/api";
import { ImageBuilderError } from "../../core/base/errors";
import type { BuildAnswers } from "../platform/memory";

const kept = 20;

/** How a build ended, or that it has not. */
export type BuildState =
  | { readonly kind: "running"; readonly step: string }
  | { readonly kind: "done"; readonly outcome: BuildOutcome }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "cancelled" };

/** One build of this window. */
export class Build {
  readonly startedAt = new Date();
  readonly #abort = new AbortController();
  #state: BuildState = { kind: "running", step: "" };

  constructor(
    /** The full names with their tags. */
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

  /** `name@sha256:…` of a pushed image. */
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

/** The builds of this window, the newest first. */
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

  /** @throws ImageBuilderError `buildRunning` when the same Dockerfile of the same folder is being built */
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

  /** @throws ImageBuilderError `buildRunning`, as `refuseSecond` */
  start(imageNames: readonly string[], answers: BuildAnswers): Build {
    this.refuseSecond(answers);
    const build = new Build(imageNames, answers, (changed) => this.#changed.fire(changed));
    this.#list = [build, ...this.#list.filter((each, i) => i < kept - 1 || each.state.kind === "running")];
    this.#changed.fire(undefined);
    return build;
  }

  /** Takes away the builds that have ended. */
  clear(): void {
    this.#list = this.running;
    this.#changed.fire(undefined);
  }

  dispose(): void {
    for (const build of this.running) build.cancel();
    this.#changed.dispose();
  }
}

/** Holds the extension's `Builds`. */
export interface WithBuilds {
  readonly builds: Builds;
}
