import * as vscode from "vscode";

interface Box {
  onDidAccept(listener: () => unknown): vscode.Disposable;
  onDidHide(listener: () => unknown): vscode.Disposable;
}

/**
 * Answers the extension's questions in order, as a person does: a text box with the text, a list with the entry of that
 * label.
 *
 * @returns what ends this, with the answers that were not needed
 */
export function answerBoxes(answers: readonly string[]): () => readonly string[] {
  const window = vscode.window as {
    createInputBox: () => vscode.InputBox;
    createQuickPick: () => vscode.QuickPick<vscode.QuickPickItem>;
  };
  const { createInputBox, createQuickPick } = window;
  const left = [...answers];
  window.createInputBox = () => {
    const box = createInputBox();
    return shown(box, () => (box.value = left.shift() ?? ""));
  };
  window.createQuickPick = () => {
    const box = createQuickPick();
    return shown(box, () => {
      const label = left.shift();
      box.selectedItems = box.items.filter((item) => item.label.includes(label ?? "\n"));
    });
  };
  return () => {
    Object.assign(window, { createInputBox, createQuickPick });
    return left;
  };
}

/** The box, which is not shown but answered at once; without an answer that fits it is dismissed. */
function shown<Kind extends Box & { show(): void }>(box: Kind, answer: () => void): Kind {
  const [accepted, hidden] = [new vscode.EventEmitter<void>(), new vscode.EventEmitter<void>()];
  return new Proxy(box, {
    get(target, key) {
      if (key === "onDidAccept") return accepted.event;
      if (key === "onDidHide") return hidden.event;
      if (key === "show")
        return () =>
          void setImmediate(() => {
            answer();
            accepted.fire();
            hidden.fire();
          });
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}
