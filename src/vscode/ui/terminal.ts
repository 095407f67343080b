import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";

/** Program that a terminal runs, without a shell. */
interface TerminalProgram {
  readonly name: string;
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
}

/** Opens a terminal that runs a program, and moves the focus to it. */
export function openTerminal({ name, program, args }: TerminalProgram): void {
  vscode.window
    .createTerminal({
      name: defuseLabel(name),
      shellPath: program,
      shellArgs: [...args],
      iconPath: new vscode.ThemeIcon("package"),
      // A restored terminal would run the image again.
      isTransient: true,
    })
    .show();
}
