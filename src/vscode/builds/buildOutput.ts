import type * as vscode from "vscode";
import { createLineChannel } from "../ui/output";
import type { BuildProblem } from "./buildDiagnostics";
import type { Build } from "./history/build";

/** Receives the log of one build. */
export interface LogReceiver {
  readonly write: (line: string) => void;
  /** Must be called when the build ends, with the problems that it reported at places in files. */
  readonly close: (problems: readonly BuildProblem[]) => void;
}

/** Place that shows the logs of builds. */
export interface LogDisplay {
  /** Whether a build has its own terminal, so that no notification repeats its progress and its result. */
  readonly isTerminal: boolean;
  /** Reveals the place without moving the focus. */
  show(): void;
  /** Opens a receiver for a build that begins. */
  open(build: Build): LogReceiver;
}

/** Output channel of all builds. While several builds run, each line starts with the name of its build. */
export class BuildOutput implements LogDisplay, vscode.Disposable {
  readonly isTerminal = false;
  readonly #channel = createLineChannel("Image Builders Build");
  #writers = 0;

  show(): void {
    this.#channel.show(true);
  }

  /** While other builds are writing too, each line begins with the name of its image. */
  open({ imageName: name }: Build): LogReceiver {
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

/** Gives access to the place that shows the logs of builds. */
export interface WithOutput {
  readonly output: LogDisplay;
}
