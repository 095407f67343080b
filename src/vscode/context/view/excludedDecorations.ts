import type * as vscode from "vscode";
import type { WithIgnoreModels } from "../model/ignoreModels";
import type { WithMemory } from "../../platform/memory";
import { decoratesExcluded, onDidChangeSettings } from "../../platform/settings";
import type { ShownDecorations } from "./shownDecorations";

/** Marks excluded files in the Explorer while the setting is on. Does no work while it is off. */
export class ExcludedDecorations implements vscode.Disposable {
  readonly #settings: vscode.Disposable;
  #isOn = false;
  #shown: ShownDecorations | undefined;

  constructor(private readonly services: WithIgnoreModels & WithMemory) {
    this.#settings = onDidChangeSettings((affects) => affects("decorateExcluded") && this.#update());
    this.#update();
  }

  dispose(): void {
    this.#settings.dispose();
    this.#isOn = false;
    this.#shown?.dispose();
  }

  #update(): void {
    if (decoratesExcluded() === this.#isOn) return;
    this.#isOn = !this.#isOn;
    this.#shown?.dispose();
    this.#shown = undefined;
    if (this.#isOn) void this.#show();
  }

  async #show(): Promise<void> {
    const { ShownDecorations } = await import("./shownDecorations");
    // The setting may have been turned off, or off and on again, in the meantime.
    if (this.#isOn) this.#shown ??= new ShownDecorations(this.services);
  }
}
