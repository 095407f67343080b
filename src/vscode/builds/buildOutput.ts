import type * as vscode from "vscode";
import { createLineChannel } from "../ui/output";

/** Output channel of all builds. While several builds run, each line starts with the name of its build. */
export class BuildOutput implements vscode.Disposable {
  readonly #channel = createLineChannel("Image Builders Build");
  #writers = 0;

  /** Reveals the channel without moving the focus. */
  show(): void {
    this.#channel.show(true);
  }

  /**
   * Opens a writer for one build; `close` must be called when the build ends.
   *
   * @param name prefix of each line while other builds are writing too
   */
  open(name: string): { readonly write: (line: string) => void; readonly close: () => void } {
    if (this.#writers++ > 0) this.#channel.appendLine("");
    return {
      write: (line) => this.#channel.appendLine(this.#writers > 1 && line !== "" ? `${name} | ${line}` : line),
      close: () => {
        this.#writers--;
        this.#channel.appendLine("");
      },
    };
  }

  dispose(): void {
    this.#channel.dispose();
  }
}

/** Gives access to the extension's `BuildOutput`. */
export interface WithOutput {
  readonly output: BuildOutput;
}
