import * as vscode from "vscode";
import { defuseLabel, defuseMessage } from "../../core/text/defuse";
import { defusedButton } from "./quickInputButton";

/** What a box for a text says by itself. */
export interface InputTexts {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
}

/** VS Code's box for a text; it makes links and icons of what it says itself, so that is set by this module alone. */
export type InputBox = Omit<vscode.InputBox, "title" | "prompt" | "placeholder" | "validationMessage" | "buttons">;

const raw = new WeakMap<InputBox, vscode.InputBox>();

/** Makes a box for a text, which must be disposed of. */
export function createInputBox({ title, prompt, placeholder }: InputTexts): InputBox {
  const box = vscode.window.createInputBox();
  box.title = defuseLabel(title);
  box.prompt = defuseMessage(prompt);
  if (placeholder !== undefined) box.placeholder = defuseLabel(placeholder);
  raw.set(box, box);
  return box;
}

/** Shows below a box what is to be said of its text, or nothing. */
export function setValidation(box: InputBox, remark: vscode.InputBoxValidationMessage | undefined): void {
  const shown = raw.get(box);
  if (shown) shown.validationMessage = remark && { message: defuseMessage(remark.message), severity: remark.severity };
}

/** Shows buttons in the title of a box for a text. */
export function setInputButtons(box: InputBox, buttons: readonly vscode.QuickInputButton[]): void {
  const shown = raw.get(box);
  if (shown) shown.buttons = buttons.map(defusedButton);
}
