import * as vscode from "vscode";
import { newFileDecoration } from "../../ui/editor";

const scheme = "image-builders-context";

/** Reason for a row's color. */
export type RowState = "secret" | "emptied" | "unreadable" | "excluded" | "plain";

const colors: Readonly<Partial<Record<RowState, string>>> = {
  secret: "list.errorForeground",
  emptied: "list.warningForeground",
  unreadable: "list.warningForeground",
  excluded: "disabledForeground",
};

/**
 * Names a row to VS Code: the file icon comes from the path, the color from the state; a scheme of our own keeps Git's
 * colors away.
 */
export function rowUri(path: string, state: RowState): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${path}`, query: state });
}

/** Colors the rows of the view. */
export function colorRows(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration(uri) {
      const color = uri.scheme === scheme ? colors[uri.query as RowState] : undefined;
      return color === undefined ? undefined : newFileDecoration(undefined, undefined, new vscode.ThemeColor(color));
    },
  });
}

/** Returns the icon of a state that needs more than a color. */
export function iconOf(state: RowState, isDirectory: boolean): vscode.ThemeIcon {
  const color = colors[state] === undefined ? undefined : new vscode.ThemeColor(colors[state]);
  if (state === "secret") return new vscode.ThemeIcon("key", color);
  if (state === "emptied" || state === "unreadable") return new vscode.ThemeIcon("warning", color);
  if (state === "excluded") return new vscode.ThemeIcon("circle-slash", color);
  return isDirectory ? vscode.ThemeIcon.Folder : vscode.ThemeIcon.File;
}
