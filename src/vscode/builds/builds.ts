import { basename } from "node:path";
import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import type { BuildAnswers } from "../platform/memory";
import { Build, type BuildStart } from "./history/build";
import type { BuildHistory } from "./history/buildHistory";

/** Maximum number of builds in the list; running ones are always in it. */
const mostBuilds = 100;

/** Builds of this workspace, newest first. Disposal cancels the running ones of this window. */
export class Builds implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Build | undefined>();
  /** Fires with the build that has changed, or with undefined if the list has. */
  readonly onDidChange = this.#changed.event;
  /** Builds that were started in this window. */
  #own: readonly Build[] = [];
  /** Builds of earlier and other windows, once they were loaded. */
  #stored: readonly Build[] = [];
  #loading: Promise<void> | undefined;

  constructor(private readonly history: BuildHistory) {}

  /** Builds of this window, and those of others once `load` was called. */
  get list(): readonly Build[] {
    const own = new Set(this.#own.map(({ id }) => id));
    return [...this.#own, ...this.#stored.filter(({ id }) => !own.has(id))]
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .filter((build, i) => i < mostBuilds || this.running.includes(build));
  }

  /** Running builds of this window. */
  get running(): readonly Build[] {
    return this.#own.filter((build) => build.state.kind === "running");
  }

  /** Loads the builds of earlier and other windows on the first call, and follows their changes. */
  async load(): Promise<readonly Build[]> {
    this.#loading ??= this.#load().then(() => this.history.watch(() => void this.#load()));
    await this.#loading;
    return this.list;
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
   * Adds a running build.
   *
   * @throws ImageBuilderError `buildRunning`, as `refuseSecond`
   */
  start(imageNames: readonly string[], answers: BuildAnswers, kind: BuildStart["kind"] = "build"): Build {
    this.refuseSecond(answers);
    const build = new Build({ imageNames, answers, kind, startedAt: new Date() }, (changed) => this.#follow(changed));
    this.#own = [build, ...this.#own].filter((each, i) => i < mostBuilds || each.state.kind === "running");
    this.history.begin(build);
    this.#changed.fire(undefined);
    return build;
  }

  /** Deletes builds that have ended, with their logs. */
  async remove(builds: readonly Build[]): Promise<void> {
    const gone = builds.filter(({ state }) => state.kind !== "running");
    this.#own = this.#own.filter((build) => !gone.includes(build));
    this.#stored = this.#stored.filter((build) => !gone.includes(build));
    this.#changed.fire(undefined);
    await this.history.remove(gone);
  }

  dispose(): void {
    for (const build of this.running) {
      this.history.interrupt(build);
      build.cancel();
    }
    this.history.dispose();
    this.#changed.dispose();
  }

  #follow(build: Build): void {
    if (build.state.kind !== "running") this.history.end(build);
    this.#changed.fire(build);
  }

  /** Files that this window has written change nothing. A list told to be new would make its view forget its rows. */
  async #load(): Promise<void> {
    const before = this.list;
    this.#stored = await this.history.load();
    const { list } = this;
    if (list.length !== before.length || list.some((build, i) => build !== before[i])) this.#changed.fire(undefined);
  }
}

/** Gives access to the extension's `Builds`. */
export interface WithBuilds {
  readonly builds: Builds;
}
