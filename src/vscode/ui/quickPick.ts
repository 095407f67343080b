import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";
import { defusedButton } from "./quickInputButton";

/** List item. Icons in its texts are not drawn, so an icon is passed separately. */
export interface QuickPickItem extends Omit<vscode.QuickPickItem, "buttons"> {
  /** Id of a ThemeIcon, shown before the label. */
  readonly icon?: string;
}

/** Texts of a list. */
export interface QuickPickTexts {
  readonly title: string;
  readonly placeholder: string;
}

/** Quick pick of VS Code, without the properties in which VS Code shows icons. Only this module sets those. */
export type QuickPick<Item extends QuickPickItem> = Omit<
  vscode.QuickPick<Item>,
  "title" | "placeholder" | "items" | "buttons"
>;

const raw = new WeakMap<object, { buttons: readonly vscode.QuickInputButton[] }>();

/**
 * Makes a list to choose from, which must be disposed of; what is selected are copies of the items.
 *
 * @param proposed index of the item that Enter takes; default is the first
 */
export function createQuickPick<Item extends QuickPickItem>(
  { title, placeholder }: QuickPickTexts,
  items: readonly Item[],
  proposed = 0,
): QuickPick<Item> {
  const box = vscode.window.createQuickPick<Item>();
  box.title = defuseLabel(title);
  box.placeholder = defuseLabel(placeholder);
  box.items = items.map(defused);
  const active = box.items[proposed];
  if (proposed > 0 && active) box.activeItems = [active];
  raw.set(box, box);
  return box;
}

/** Sets the title buttons of a quick pick. */
export function setPickButtons<Item extends QuickPickItem>(
  box: QuickPick<Item>,
  buttons: readonly vscode.QuickInputButton[],
): void {
  const shown = raw.get(box);
  if (shown) shown.buttons = buttons.map(defusedButton);
}

/** Lets the person pick several items; undefined if the list was dismissed. */
export function showQuickPicks<Item extends QuickPickItem>(
  { title, placeholder }: QuickPickTexts,
  items: readonly Item[],
  options: Pick<vscode.QuickPickOptions, "matchOnDetail" | "matchOnDescription" | "ignoreFocusOut"> = {},
): Thenable<Item[] | undefined> {
  return vscode.window.showQuickPick(items.map(defused), {
    ...options,
    title: defuseLabel(title),
    placeHolder: defuseLabel(placeholder),
    canPickMany: true,
  });
}

function defused<Item extends QuickPickItem>(item: Item): Item {
  const label = defuseLabel(item.label);
  return {
    ...item,
    label: item.icon === undefined ? label : `$(${item.icon}) ${label}`,
    ...(item.description !== undefined && { description: defuseLabel(item.description) }),
    ...(item.detail !== undefined && { detail: defuseLabel(item.detail) }),
  };
}
