import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";
import { defusedButton } from "./quickInputButton";

/** A row of a list to choose from; an icon of ours is named beside its label, since none in a label is drawn. */
export interface QuickPickItem extends Omit<vscode.QuickPickItem, "buttons"> {
  /** A ThemeIcon's id, shown before the label. */
  readonly icon?: string;
}

/** What a list says by itself. */
export interface QuickPickTexts {
  readonly title: string;
  readonly placeholder: string;
}

/** VS Code's list to choose from; it makes icons of its texts, so these are set by this module alone. */
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

/** Shows buttons in the title of a list. */
export function setPickButtons<Item extends QuickPickItem>(
  box: QuickPick<Item>,
  buttons: readonly vscode.QuickInputButton[],
): void {
  const shown = raw.get(box);
  if (shown) shown.buttons = buttons.map(defusedButton);
}

/** Lets several items of a list be picked; nothing when it was dismissed. */
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
