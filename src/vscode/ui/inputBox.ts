import * as vscode from "vscode";
import { defuseLabel, defuseMessage } from "../../core/text/defuse";
import { defusedButton } from "./quickInputButton";

/** Texts of an input box. */
export interface InputTexts {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
}

/** Input box of VS Code, without the properties in which VS Code shows links and icons. Only this module sets those. */
export type InputBox = Omit<vscode.InputBox, "title" | "prompt" | "placeholder" | "validationMessage" | "buttons">;

const raw = new WeakMap<InputBox, vscode.InputBox>();

/** Creates an input box. The caller must dispose it. */
export function createInputBox({ title, prompt, placeholder }: InputTexts): InputBox {
  const box = vscode.window.createInputBox();
  box.title = defuseLabel(title);
  box.prompt = defuseMessage(prompt);
  if (placeholder !== undefined) box.placeholder = defuseLabel(placeholder);
  raw.set(box, box);
  return box;
}

/** Sets or clears the validation message of an input box. */
export function setValidation(box: InputBox, remark: vscode.InputBoxValidationMessage | undefined): void {
  const shown = raw.get(box);
  if (shown) shown.validationMessage = remark && { message: defuseMessage(remark.message), severity: remark.severity };
}

/** Sets the title buttons of an input box. */
export function setInputButtons(box: InputBox, buttons: readonly vscode.QuickInputButton[]): void {
  const shown = raw.get(box);
  if (shown) shown.buttons = buttons.map(defusedButton);
}
