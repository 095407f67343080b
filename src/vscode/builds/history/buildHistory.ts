import { mkdirSync, watch, type FSWatcher } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type * as vscode from "vscode";
import { messageOf } from "../../../core/base/errors";
import type { HistoryStore } from "../../../core/history/historyStore";
import type { LogWriter } from "../../../core/history/logWriter";
import { LogText } from "../../../core/history/logText";
import type { BuildRecord } from "../../../core/history/buildRecord";
import type { ComparedBuild } from "../../../core/report/baseImages";
import type { BuildInputs } from "../../../core/report/inputsRecord";
import type { BuildReport } from "../../../core/report/reportRecord";
import type { Log } from "../../../core/base/log";
import { Build } from "./build";
import { earlierWithCache } from "./earlierBuilds";
import { recordOf, storedBuild } from "./storedBuild";

/** Time in milliseconds after a change by another window before the builds are loaded again. */
const settleMs = 300;

/** Maximum number of earlier builds that are read to find one that can be compared. */
const mostEarlier = 5;

/** Earlier build with which a build is compared. */
export interface ComparedWith extends ComparedBuild {
  readonly build: Build;
}

interface Kept {
  readonly store: HistoryStore;
  readonly writer: LogWriter;
  readonly record: (build: Build) => BuildRecord;
}

/**
 * Stores the builds of this window, and loads those of earlier and other windows of the same workspace. Nothing is
 * loaded before it is used. Errors of storing are logged: they must not fail a build.
 */
export class BuildHistory implements vscode.Disposable {
  #store: Promise<HistoryStore> | undefined;
  /** Running builds of this window whose storing has begun. */
  readonly #kept = new Map<Build, Promise<Kept> | Kept>();
  /** Builds whose final state is being stored. */
  readonly #ending = new Map<Build, Promise<void>>();
  readonly #interrupted = new Set<Build>();
  #loaded: ReadonlyMap<string, { readonly record: BuildRecord; readonly build: Build }> = new Map();
  #watcher: FSWatcher | undefined;
  #settling: NodeJS.Timeout | undefined;

  constructor(
    private readonly folder: string,
    private readonly log: Log,
  ) {}

  /** Begins to store a build and its log. */
  begin(build: Build): void {
    const keeping = this.#begin(build);
    this.#kept.set(build, keeping);
    keeping.then(
      (kept) => void (this.#kept.has(build) && this.#kept.set(build, kept)),
      (error: unknown) => this.#failed(error),
    );
  }

  /** Call it after a line was appended to the log of a build. */
  logged(build: Build): void {
    const kept = this.#kept.get(build);
    if (kept && "writer" in kept) kept.writer.changed();
  }

  /** Stores the final state of a build. */
  end(build: Build): void {
    const keeping = this.#kept.get(build);
    if (!keeping || this.#interrupted.has(build)) return;
    const ending = this.#end(build, keeping).catch((error: unknown) => this.#failed(error));
    this.#ending.set(build, ending);
    void ending.then(() => this.#ending.delete(build));
  }

  /** Stores that a running build was interrupted before it returns, because this process is about to end. */
  interrupt(build: Build): void {
    this.#interrupted.add(build);
    const kept = this.#kept.get(build);
    if (!kept || !("writer" in kept)) return;
    try {
      kept.store.saveNow({ ...kept.record(build), state: "interrupted", endedAt: Date.now() });
      kept.writer.endNow();
      build.recorder?.end();
      if (build.recorder) kept.store.saveReportNow(build.id, build.recorder.report());
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Loads the stored builds, newest first. Those that have not changed are the objects of the load before. */
  async load(): Promise<readonly Build[]> {
    const store = await this.#open();
    const before = this.#loaded;
    const loaded = (await store.list()).map((record) => {
      const known = before.get(record.id);
      return known && isDeepStrictEqual(known.record, record)
        ? known
        : { record, build: new Build(storedBuild(record)) };
    });
    this.#loaded = new Map(loaded.map((each) => [each.record.id, each]));
    return loaded.map(({ build }) => build);
  }

  /** Returns the log of a build so far; undefined if it was not kept. */
  async logOf(build: Build): Promise<string | undefined> {
    return build.log?.toString() ?? (await this.#open()).readLog(build.id);
  }

  /** Returns the report of a build so far; undefined if none was kept. */
  async reportOf(build: Build): Promise<BuildReport | undefined> {
    return build.recorder?.report() ?? (await this.#open()).readReport(build.id);
  }

  /** Returns what the steps of a build depended on, so far; undefined if it was not kept. */
  async inputsOf(build: Build): Promise<BuildInputs | undefined> {
    const store = await this.#open();
    const traced = build.recorder?.inputs;
    if (!traced) return store.readInputs(build.id);
    const { buildInputs } = await import("../../../core/report/buildInputs");
    return buildInputs(traced, await store.salt());
  }

  /** Returns the newest earlier build whose cache a build could use, and that can be compared with it. */
  async comparedWith(build: Build): Promise<ComparedWith | undefined> {
    const earlier = earlierWithCache(build, await this.load()).slice(0, mostEarlier);
    let newest: ComparedWith | undefined;
    for (const each of earlier) {
      const report = await this.reportOf(each);
      if (!report) continue;
      const inputs = await this.inputsOf(each);
      newest ??= { build: each, report };
      if (inputs) return { build: each, report, inputs };
    }
    return newest;
  }

  async remove(builds: readonly Build[]): Promise<void> {
    const store = await this.#open();
    await Promise.all(
      builds.map(async (build) => {
        // A write that is going on would store the build again.
        await this.#ending.get(build);
        await store.remove(build.id);
      }),
    );
  }

  /** Calls back after other windows have stored or deleted builds, until disposal. */
  watch(changed: () => void): void {
    try {
      mkdirSync(this.folder, { recursive: true });
      this.#watcher = watch(this.folder, { persistent: false }, (_event, name) => {
        if (name !== null && !name.endsWith(".json")) return;
        clearTimeout(this.#settling);
        this.#settling = setTimeout(changed, settleMs);
      });
      this.#watcher.on("error", (error) => this.log.debug(messageOf(error)));
    } catch (error) {
      // The view then shows builds of other windows after its next start.
      this.log.debug(`Can't watch the build history (${messageOf(error)}).`);
    }
  }

  dispose(): void {
    clearTimeout(this.#settling);
    this.#watcher?.close();
  }

  async #begin(build: Build): Promise<Kept> {
    const [store, { LogWriter }, { storedOptions }, { thisProcess }] = await Promise.all([
      this.#open(),
      import("../../../core/history/logWriter"),
      import("../../../core/history/storedOptions"),
      import("../../../core/history/owner"),
    ]);
    const log = build.log ?? new LogText();
    const writer = new LogWriter(store.folder, build.id, log, (error) => this.#failed(error));
    const kept = { store, writer, record: (of: Build) => recordOf(of, thisProcess, storedOptions(of.answers.options)) };
    if (build.state.kind === "running") await store.save(kept.record(build));
    return kept;
  }

  async #end(build: Build, keeping: Promise<Kept> | Kept): Promise<void> {
    const { store, writer, record } = await keeping;
    await store.save(record(build));
    // Without a stored log, the one in memory is shown while this window is open.
    if (await writer.end()) build.log = undefined;
    if (build.recorder) await store.saveReport(build.id, build.recorder.report());
    await this.#saveInputs(build, store);
    build.recorder = undefined;
    this.#kept.delete(build);
    await store.prune();
  }

  async #saveInputs(build: Build, store: HistoryStore): Promise<void> {
    const inputs = build.recorder?.inputs && (await this.inputsOf(build));
    if (!inputs) return;
    const { withHashesOf } = await import("../../../core/report/buildInputs");
    const earlier = (await this.comparedWith(build))?.inputs;
    await store.saveInputs(build.id, earlier ? withHashesOf(inputs, earlier) : inputs);
  }

  #open(): Promise<HistoryStore> {
    this.#store ??= import("../../../core/history/historyStore").then(
      ({ HistoryStore }) => new HistoryStore(this.folder, this.log),
    );
    return this.#store;
  }

  #failed(error: unknown): void {
    this.log.warn(`Can't store the build in the history (${messageOf(error)}).`);
  }
}
