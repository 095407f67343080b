import type * as vscode from "vscode";
import { messageOf } from "../../../core/base/errors";
import type { Log } from "../../../core/base/log";
import type { IgnoreModel, Linted } from "../model/ignoreModel";

/** Time in milliseconds during which changes are gathered, such as key presses and one edit in several places. */
const gatherMs = 20;

/** Lints a model on every change. Only one run is active at a time; a change aborts it. */
export class Linter implements vscode.Disposable {
  readonly #changes: vscode.Disposable;
  #latest: Promise<Linted | undefined>;
  #run: AbortController | undefined;
  #current: Linted | undefined;

  /** @param publish called with each result that is still current */
  constructor(
    private readonly model: Pick<IgnoreModel, "findings" | "onDidChange">,
    private readonly publish: (linted: Linted) => void,
    private readonly log: Log,
  ) {
    this.#latest = this.#lint(0);
    this.#changes = model.onDidChange(() => (this.#latest = this.#lint(gatherMs)));
  }

  /** Waits for the result for the current texts. Returns undefined after `dispose` and if linting failed. */
  async settled(): Promise<Linted | undefined> {
    for (;;) {
      const latest = this.#latest;
      const linted = await latest;
      if (latest === this.#latest) return linted;
    }
  }

  /** Publishes the last result again, if it is still current. */
  publishAgain(): void {
    if (this.#current) this.publish(this.#current);
  }

  dispose(): void {
    this.#changes.dispose();
    this.#run?.abort();
  }

  async #lint(delayMs: number): Promise<Linted | undefined> {
    this.#run?.abort();
    this.#current = undefined;
    const { signal } = (this.#run = new AbortController());
    try {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      signal.throwIfAborted();
      const linted = await this.model.findings(signal);
      signal.throwIfAborted();
      this.#current = linted;
      // Findings compute the effects of their fixes later with the signal of this run, so it must not be aborted
      // anymore.
      this.#run = undefined;
      this.publish(linted);
      return linted;
    } catch (error) {
      if (!signal.aborted) this.log.warn(messageOf(error));
      return undefined;
    }
  }
}
