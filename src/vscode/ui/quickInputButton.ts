import type { QuickInputButton } from "vscode";
import { defuseLabel } from "../../core/text/defuse";

const defused = new WeakMap<QuickInputButton, QuickInputButton>();

/** The same button with a harmless tooltip, and always the same for the same one: events are told by it. */
export function defusedButton(button: QuickInputButton): QuickInputButton {
  if (button.tooltip === undefined || defuseLabel(button.tooltip) === button.tooltip) return button;
  const known = defused.get(button) ?? { ...button, tooltip: defuseLabel(button.tooltip) };
  defused.set(button, known);
  return known;
}
