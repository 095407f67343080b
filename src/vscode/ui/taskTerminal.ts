import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";
import { terminalLines, type LineColor } from "./terminalLines";

/** What Ctrl+C sends. */
const interrupt = "\u0003";

/** Writes a text to a task's terminal, each of its lines without the escape codes and hidden characters in it. */
export type WriteLines = (text: string, color?: LineColor) => void;

/** Work of a task; resolves to whether it succeeded, and never rejects. The signal aborts when the terminal closes. */
export type TaskWork = (write: WriteLines, signal: AbortSignal) => Promise<boolean>;

/** What the list of tasks shows of a task, and what it does. */
export interface TaskContent {
  readonly definition: vscode.TaskDefinition;
  readonly scope: vscode.WorkspaceFolder | vscode.TaskScope.Global | vscode.TaskScope.Workspace;
  readonly name: string;
  readonly detail?: string;
  /** @param definition the definition with its variables replaced */
  readonly work: (definition: vscode.TaskDefinition) => TaskWork;
}

/** Creates a build task that works in a terminal of its own. */
export function createTask({ definition, scope, name, detail, work }: TaskContent): vscode.Task {
  const execution = new vscode.CustomExecution(async (resolved) => new TaskTerminal(work(resolved)));
  const { type } = definition;
  const task = new vscode.Task(definition, scope, defuseLabel(name), type, execution, `$${type}`);
  task.group = vscode.TaskGroup.Build;
  if (detail !== undefined) task.detail = defuseLabel(detail);
  return task;
}

/** Terminal that only shows lines. Closing it and Ctrl+C cancel the work. */
class TaskTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.#written.event;
  readonly #ended = new vscode.EventEmitter<number>();
  readonly onDidClose = this.#ended.event;
  readonly #abort = new AbortController();

  constructor(private readonly work: TaskWork) {}

  open(): void {
    const write: WriteLines = (text, color) => this.#written.fire(terminalLines(text, color));
    void this.work(write, this.#abort.signal).then((isDone) => this.#ended.fire(isDone ? 0 : 1));
  }

  handleInput(data: string): void {
    if (data === interrupt) this.#abort.abort();
  }

  close(): void {
    this.#abort.abort();
  }
}
