import type * as vscode from "vscode";
import { messageOf } from "../../../core/base/errors";
import type { Log } from "../../../core/base/log";
import type { IgnoreModel, Linted } from "../model/ignoreModel";

/** How long changes are gathered: keys pressed at once, and what one edit changes in several places. */
const gatherMs = 20;

/** Lints a model whenever it changes: one run at a time, and a change ends the run that does not know of it. */
export class Linter implements vscode.Disposable {
  readonly #changes: vscode.Disposable;
  #latest: Promise<Linted | undefined>;
  #run: AbortController | undefined;
  #current: Linted | undefined;

  /** @param publish called with each result that still holds */
  constructor(
    private readonly model: Pick<IgnoreModel, "findings" | "onDidChange">,
    private readonly publish: (linted: Linted) => void,
    private readonly log: Log,
  ) {
    this.#latest = this.#lint(0);
    this.#changes = model.onDidChange(() => (this.#latest = this.#lint(gatherMs)));
  }

  /**
   * What is wrong with the texts as they are now, once that is known; nothing after `dispose` and where it cannot be
   * found out.
   */
  async settled(): Promise<Linted | undefined> {
    for (;;) {
      const latest = this.#latest;
      const linted = await latest;
      if (latest === this.#latest) return linted;
    }
  }

  /** Publishes once more what was, if nothing has changed since. */
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
      // Findings work out what their fixes do when they are asked, which an end of the run would end.
      this.#run = undefined;
      this.publish(linted);
      return linted;
    } catch (error) {
      if (!signal.aborted) this.log.warn(messageOf(error));
      return undefined;
    }
  }
}
