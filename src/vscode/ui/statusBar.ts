import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";

/** Shows a text in the status bar for some milliseconds, without icons: VS Code would draw those in it. */
export function setStatusBarMessage(text: string, forMs: number): void {
  vscode.window.setStatusBarMessage(defuseLabel(text), forMs);
}

/** Content of an item of the status bar. */
interface StatusBarContent {
  /** Name of an icon, shown before the text. */
  readonly icon: string;
  readonly text: string;
  readonly tooltip: string;
  /** Text for screen readers; default is `text`. */
  readonly label?: string;
  readonly command: vscode.Command;
}

/** Item of the status bar. Foreign text in it is shown without icons and links. */
interface StatusBarItem extends vscode.Disposable {
  /** Shows the item with a content; undefined hides it. */
  readonly set: (content: StatusBarContent | undefined) => void;
}

/**
 * Creates an item of the status bar, which is hidden at first.
 *
 * @param name name of the item in the menu that hides items
 */
export function createStatusBarItem(id: string, name: string, priority: number): StatusBarItem {
  const item = vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Left, priority);
  item.name = name;
  return {
    set(content) {
      if (!content) return item.hide();
      const text = defuseLabel(content.text);
      item.text = `$(${content.icon})${text === "" ? "" : ` ${text}`}`;
      item.tooltip = defuseLabel(content.tooltip);
      item.command = content.command;
      item.accessibilityInformation = { label: defuseLabel(content.label ?? content.text), role: "button" };
      item.show();
    },
    dispose: () => item.dispose(),
  };
}
