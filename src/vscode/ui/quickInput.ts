import * as vscode from "vscode";
import { createInputBox, setInputButtons, setValidation, type InputBox } from "./inputBox";
import { defusedButton } from "./quickInputButton";
import { createQuickPick, setPickButtons, type QuickPick, type QuickPickItem } from "./quickPick";
import { back, type Answer } from "./back";

interface Question {
  readonly title: string;
  readonly canGoBack: boolean;
  /** Dismisses the prompt when it is aborted. */
  readonly signal?: AbortSignal;
}

/** List item with its value. */
export interface Choice<Value> extends QuickPickItem {
  readonly value: Value;
}

/** Remark on a text while it is typed: an error prevents accepting it, a note doesn't. */
export type Remark = { readonly error: string } | { readonly note: string } | undefined;

/** Lets one be picked. */
export async function pick<Value>(
  question: Question & {
    readonly placeholder: string;
    readonly choices: readonly Choice<Value>[];
    /** Choice that Enter takes; default is the first. */
    readonly proposed?: number;
  },
): Promise<Answer<Value>> {
  const box = createQuickPick(question, question.choices, question.proposed);
  box.matchOnDescription = true;
  setPickButtons(box, backIf(question));
  return open(box, question, (done) => box.onDidAccept(() => box.selectedItems[0] && done(box.selectedItems[0].value)));
}

/** Asks for a text. The button `more` also accepts it, without a check. */
export async function type(
  question: Question & {
    readonly prompt: string;
    readonly value?: string;
    readonly placeholder?: string;
    readonly password?: boolean;
    readonly check?: (text: string) => Remark;
    readonly more?: vscode.QuickInputButton;
  },
): Promise<Answer<{ readonly text: string; readonly more: boolean }>> {
  const box = createInputBox(question);
  box.value = question.value ?? "";
  box.password = question.password ?? false;
  const check = (): boolean => {
    const remark = question.check?.(box.value);
    setValidation(box, remark && messageOf(remark));
    return !(remark && "error" in remark);
  };
  check();
  const more = question.more && defusedButton(question.more);
  setInputButtons(box, [...backIf(question), ...(more ? [more] : [])]);
  return open(box, question, (done) =>
    vscode.Disposable.from(
      box.onDidChangeValue(check),
      box.onDidAccept(() => check() && done({ text: box.value, more: false })),
      box.onDidTriggerButton((button) => button === more && done({ text: box.value, more: true })),
    ),
  );
}

function messageOf(remark: NonNullable<Remark>): vscode.InputBoxValidationMessage {
  return "error" in remark
    ? { message: remark.error, severity: vscode.InputBoxValidationSeverity.Error }
    : { message: remark.note, severity: vscode.InputBoxValidationSeverity.Info };
}

/** Returns the Back button if going back is possible. */
function backIf({ canGoBack }: Question): vscode.QuickInputButton[] {
  return canGoBack ? [vscode.QuickInputButtons.Back] : [];
}

async function open<Value>(
  box: QuickPick<QuickPickItem> | InputBox,
  question: Question,
  listen: (done: (value: Value) => void) => vscode.Disposable,
): Promise<Answer<Value>> {
  // Another window or the browser's address bar can easily take the focus, and the answers would be lost.
  box.ignoreFocusOut = true;
  const hide = (): void => box.hide();
  question.signal?.addEventListener("abort", hide);
  const disposables: vscode.Disposable[] = [
    box,
    { dispose: () => question.signal?.removeEventListener("abort", hide) },
  ];
  try {
    return await new Promise<Answer<Value>>((resolve) => {
      disposables.push(
        listen(resolve),
        box.onDidTriggerButton((button) => button === vscode.QuickInputButtons.Back && resolve(back)),
        box.onDidHide(() => resolve(undefined)),
      );
      box.show();
    });
  } finally {
    vscode.Disposable.from(...disposables).dispose();
  }
}
