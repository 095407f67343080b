import type * as vscode from "vscode";

/**
 * Commands that run when a row is clicked.
 *
 * None of them has an `enablement` in package.json: while it is false, VS Code ignores the click without a message. A
 * window sets context keys such as `isWorkspaceTrusted` only after it has restored its editors, when rows are already
 * shown. The commands check their own requirements.
 */
export const rowCommands = [
  "checkCredentials",
  "confirmSources",
  "confirmSpecSources",
  "manageWorkspaceTrust",
  "openRepository",
  "refreshRegistryRow",
  "registerImageBuilder",
  "showMoreRows",
] as const;

/** Second part of the id of a command in `rowCommands`. */
export type RowCommand = (typeof rowCommands)[number];

/** Returns the command of a row, which gets `target` as its argument. */
export function rowCommand(name: RowCommand, title: string, target: unknown): vscode.Command {
  return { command: `imageBuilders.${name}`, title, arguments: [target] };
}
