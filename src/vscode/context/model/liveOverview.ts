import * as vscode from "vscode";
import type { ContextOverview } from "../../../core/context/overview/contextOverview";
import { messageOf } from "../../../core/base/errors";
import type { Log } from "../../../core/base/log";
import type { ContextPlace } from "../../platform/contextPlace";
import type { IgnoreModel } from "./ignoreModel";
import type { HeldModel, IgnoreModels } from "./ignoreModels";

/** Time in milliseconds during which changes are gathered before all paths are evaluated again. */
const gatherMs = 100;

/** Overview of a build context, kept up to date while it is visible. */
export class LiveOverview implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when the overview was replaced or removed. */
  readonly onDidChange = this.#changed.event;
  readonly #closing = new AbortController();
  #held: { readonly model: HeldModel; readonly listening: vscode.Disposable } | undefined;
  #overview: ContextOverview | undefined;
  #problem: string | undefined;
  #filter = "";
  #timer: NodeJS.Timeout | undefined;
  #running = Promise.resolve();
  #next: Promise<void> | undefined;
  #isWatched = true;
  #isStale = false;

  constructor(
    readonly place: ContextPlace,
    private readonly models: IgnoreModels,
    private readonly log: Log,
  ) {}

  /** Latest overview; undefined until there is one and after an error. */
  get overview(): ContextOverview | undefined {
    return this.#overview;
  }

  /** Reason why there is no overview. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Model of the ignore file that applies; undefined until it is known. */
  get model(): IgnoreModel | undefined {
    return this.#held?.model.model;
  }

  /** Text that filters the paths; empty for all paths. */
  get filter(): string {
    return this.#filter;
  }

  async setFilter(filter: string): Promise<void> {
    if (filter === this.#filter) return;
    this.#filter = filter;
    await this.update();
  }

  /** Sets whether the overview is visible. While it isn't, changes are only noted. */
  setWatched(isWatched: boolean): void {
    this.#isWatched = isWatched;
    if (isWatched && this.#isStale) void this.update();
  }

  /** Evaluates everything again. Calls during an evaluation share one further evaluation. */
  update(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return (this.#running = this.#look());
    });
    return this.#next;
  }

  /** Reads all files again, for changes that no watcher reports. */
  async refresh(): Promise<void> {
    await this.model?.folder.refresh();
    await this.update();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#closing.abort();
    this.#letGo();
    this.#changed.dispose();
  }

  async #look(): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    this.#isStale = false;
    try {
      const [{ ContextOverview }, model] = await Promise.all([
        import("../../../core/context/overview/contextOverview"),
        this.#hold(),
      ]);
      const overview = await ContextOverview.of(await model.state(), this.#filter, signal);
      [this.#overview, this.#problem] = [overview, undefined];
    } catch (error) {
      if (signal.aborted) return;
      [this.#overview, this.#problem] = [undefined, messageOf(error)];
      this.log.warn(this.#problem);
    }
    if (!signal.aborted) this.#changed.fire();
  }

  /** Another ignore file applies once the Dockerfile has its own. */
  async #hold(): Promise<IgnoreModel> {
    const model = await this.models.ofFolder(this.place.folder, this.place.dockerfile);
    if (model.model === this.model || this.#closing.signal.aborted) {
      model.dispose();
      this.#closing.signal.throwIfAborted();
    } else {
      this.#letGo();
      this.#held = { model, listening: model.model.onDidChange(() => this.#note()) };
    }
    return model.model;
  }

  #letGo(): void {
    this.#held?.listening.dispose();
    this.#held?.model.dispose();
    this.#held = undefined;
  }

  #note(): void {
    this.#isStale = true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#isWatched) void this.update();
    }, gatherMs);
  }
}
