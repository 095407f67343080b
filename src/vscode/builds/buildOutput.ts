import type * as vscode from "vscode";
import { createLineChannel } from "../ui/output";

/** The channel that builds write to; lines of builds that run side by side say whose they are. */
export class BuildOutput implements vscode.Disposable {
  readonly #channel = createLineChannel("Image Builders Build");
  #writers = 0;

  /** Brings the log into view and leaves the focus where it is. */
  show(): void {
    this.#channel.show(true);
  }

  /** @param name stands before each line while another build writes too */
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

/** Holds the extension's `BuildOutput`. */
export interface WithOutput {
  readonly output: BuildOutput;
}
