import * as vscode from "vscode";

/** A dialog that the extension has opened. */
export interface Dialog {
  readonly message: string;
  readonly detail: string;
}

type Shown = (
  message: string,
  options?: vscode.MessageOptions,
  ...items: (string | vscode.MessageItem)[]
) => Thenable<unknown>;

/**
 * Answers the extension's dialogs as a person does, since VS Code opens none in the tests of an extension; all else is
 * shown.
 *
 * @param choose the title of the button that is pressed; nothing closes the dialog
 * @returns what the dialogs asked, and a way to stop answering
 */
export function answerDialogs(choose: (dialog: Dialog) => string | undefined): {
  readonly dialogs: Dialog[];
  readonly stop: () => void;
} {
  const window = vscode.window as { showWarningMessage: Shown };
  const original = window.showWarningMessage;
  const dialogs: Dialog[] = [];
  window.showWarningMessage = async (message, options, ...items) => {
    if (typeof options !== "object" || !options.modal) return original(message, options, ...items);
    const dialog = { message, detail: options.detail ?? "" };
    dialogs.push(dialog);
    const title = choose(dialog);
    return items.find((item) => (typeof item === "string" ? item : item.title) === title);
  };
  return { dialogs, stop: () => void (window.showWarningMessage = original) };
}
