import * as vscode from "vscode";
import { messageOf } from "../../core/base/errors";
import type { BuildProblem } from "../builds/buildDiagnostics";
import type { LogDisplay } from "../builds/buildOutput";
import type { Build } from "../builds/history/build";
import type { TaskWork, WriteLines } from "../ui/taskTerminal";
import { shorten, shortenWords } from "../../core/text/shorten";
import { readTaskDefinition } from "./buildDefinition";
import { problemLine } from "./problemLine";
import { runDefinition, type DefinitionServices } from "./runDefinition";

/** In characters: a message may quote a property of any length. */
const longestWord = 200;
const longestMessage = 2_000;

/** Returns the work of a task: its build, with the log in the task's terminal. */
export function taskWork(
  services: DefinitionServices,
  definition: vscode.TaskDefinition,
  scope: vscode.Task["scope"],
): TaskWork {
  return async (write, signal) => {
    const display = new TerminalDisplay(write, signal);
    try {
      await runDefinition(services, readTaskDefinition(definition), folderOf(scope), display);
      return true;
    } catch (error) {
      if (error instanceof vscode.CancellationError || signal.aborted)
        display.writeUnlogged(vscode.l10n.t("Build canceled."));
      else display.writeUnlogged(vscode.l10n.t("ERROR: {0}", messageOf(error)));
      return false;
    }
  };
}

/** Returns the folder that the paths of a task are relative to. */
function folderOf(scope: vscode.Task["scope"]): string | undefined {
  const folder = typeof scope === "object" ? scope : vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.scheme === "file" ? folder.uri.fsPath : undefined;
}

/** Shows the log of a build in the terminal of its task. */
class TerminalDisplay implements LogDisplay {
  readonly isTerminal = true;
  #hasLog = false;

  /** @param signal cancels the build, also one that begins later */
  constructor(
    private readonly write: WriteLines,
    private readonly signal: AbortSignal,
  ) {}

  /** VS Code itself reveals the terminals of tasks, or not. */
  show(): void {}

  open(build: Build): ReturnType<LogDisplay["open"]> {
    this.#hasLog = true;
    const cancel = (): void => build.cancel();
    if (this.signal.aborted) cancel();
    this.signal.addEventListener("abort", cancel);
    return {
      write: (line) => this.write(line),
      close: (problems) => {
        this.signal.removeEventListener("abort", cancel);
        this.#writeProblems(problems);
      },
    };
  }

  /** Writes why a task failed, unless the log of its build says it. */
  writeUnlogged(message: string): void {
    if (!this.#hasLog) this.write(shorten(shortenWords(message, longestWord), longestMessage), "error");
  }

  #writeProblems(problems: readonly BuildProblem[]): void {
    if (problems.length > 0) this.write("");
    for (const problem of problems) this.write(problemLine(problem), problem.severity);
  }
}
