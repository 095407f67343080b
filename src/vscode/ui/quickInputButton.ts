import type { QuickInputButton } from "vscode";
import { defuseLabel } from "../../core/text/defuse";

const defused = new WeakMap<QuickInputButton, QuickInputButton>();

/**
 * Returns a button with a safe tooltip. It is the same object for the same button, because events identify buttons by
 * object.
 */
export function defusedButton(button: QuickInputButton): QuickInputButton {
  if (button.tooltip === undefined || defuseLabel(button.tooltip) === button.tooltip) return button;
  const known = defused.get(button) ?? { ...button, tooltip: defuseLabel(button.tooltip) };
  defused.set(button, known);
  return known;
}
