import * as vscode from "vscode";
import { createInputBox, setInputButtons, setValidation, type InputBox } from "./inputBox";
import { defusedButton } from "./quickInputButton";
import { createQuickPick, setPickButtons, type QuickPick, type QuickPickItem } from "./quickPick";
import { back, type Answer } from "./back";
import type { StepPlace } from "./flow";

interface Question extends StepPlace {
  readonly title: string;
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

/**
 * Asks for a text. Errors are shown from the first edit or Enter on. The button `more` also accepts the text, without a
 * check.
 */
export async function type(
  question: Question & {
    readonly prompt: string;
    readonly value?: string;
    readonly placeholder?: string;
    readonly password?: boolean;
    readonly check?: (text: string) => Remark;
    /** Whether the value was entered before and refused, so that its error is shown at once. */
    readonly wasRefused?: boolean;
    readonly more?: vscode.QuickInputButton;
  },
): Promise<Answer<{ readonly text: string; readonly more: boolean }>> {
  const box = createInputBox(question);
  box.value = question.value ?? "";
  box.password = question.password ?? false;
  const check = (isEntered = true): boolean => {
    const remark = question.check?.(box.value);
    const isError = remark !== undefined && "error" in remark;
    setValidation(box, remark && (isEntered || !isError) ? messageOf(remark, question.prompt) : undefined);
    return !isError;
  };
  check(question.wasRefused ?? false);
  const more = question.more && defusedButton(question.more);
  setInputButtons(box, [...backIf(question), ...(more ? [more] : [])]);
  return open(box, question, (done) =>
    vscode.Disposable.from(
      box.onDidChangeValue(() => check()),
      box.onDidAccept(() => check() && done({ text: box.value, more: false })),
      box.onDidTriggerButton((button) => button === more && done({ text: box.value, more: true })),
    ),
  );
}

/** Keeps the prompt readable beside an error, which VS Code shows in its place. */
function messageOf(remark: NonNullable<Remark>, prompt: string): vscode.InputBoxValidationMessage {
  if ("note" in remark) return { message: remark.note, severity: vscode.InputBoxValidationSeverity.Info };
  const isInPrompt = prompt.startsWith(remark.error.replace(/\.$/, ""));
  const sentence = /[.!?]$/.test(remark.error) ? remark.error : `${remark.error}.`;
  const message = isInPrompt ? prompt : `${sentence} ${prompt}`;
  return { message, severity: vscode.InputBoxValidationSeverity.Error };
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
  box.step = question.step;
  box.totalSteps = question.totalSteps;
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
