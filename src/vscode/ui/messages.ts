import * as vscode from "vscode";
import { defuseDetail, defuseLabel, defuseMessage } from "../../core/text/defuse";

type Item = string | vscode.MessageItem;
type Show = (message: string, options: vscode.MessageOptions, ...items: (vscode.MessageItem & { readonly index: number })[]) => Thenable<{ readonly index: number } | undefined>;

/** As VS Code's own; whatever the texts hold, nothing in them is a link or an icon. */
export function showInformationMessage<Chosen extends Item>(message: string, ...rest: readonly Chosen[]): Promise<Chosen | undefined>;
export function showInformationMessage<Chosen extends Item>(message: string, options: vscode.MessageOptions, ...rest: readonly Chosen[]): Promise<Chosen | undefined>;
export function showInformationMessage(message: string, ...rest: readonly (Item | vscode.MessageOptions)[]): Promise<Item | undefined> {
  return show((...shown) => vscode.window.showInformationMessage(...shown), message, rest);
}

/** As VS Code's own; whatever the texts hold, nothing in them is a link or an icon. */
export function showWarningMessage<Chosen extends Item>(message: string, ...rest: readonly Chosen[]): Promise<Chosen | undefined>;
export function showWarningMessage<Chosen extends Item>(message: string, options: vscode.MessageOptions, ...rest: readonly Chosen[]): Promise<Chosen | undefined>;
export function showWarningMessage(message: string, ...rest: readonly (Item | vscode.MessageOptions)[]): Promise<Item | undefined> {
  return show((...shown) => vscode.window.showWarningMessage(...shown), message, rest);
}

/** As VS Code's own; whatever the texts hold, nothing in them is a link or an icon. */
export function showErrorMessage<Chosen extends Item>(message: string, ...rest: readonly Chosen[]): Promise<Chosen | undefined>;
export function showErrorMessage<Chosen extends Item>(message: string, options: vscode.MessageOptions, ...rest: readonly Chosen[]): Promise<Chosen | undefined>;
export function showErrorMessage(message: string, ...rest: readonly (Item | vscode.MessageOptions)[]): Promise<Item | undefined> {
  return show((...shown) => vscode.window.showErrorMessage(...shown), message, rest);
}

async function show(raw: Show, message: string, rest: readonly (Item | vscode.MessageOptions)[]): Promise<Item | undefined> {
  const [first] = rest;
  const options = first !== undefined && isOptions(first) ? first : {};
  const items = rest.filter((each): each is Item => !isOptions(each));
  const detail = options.detail === undefined ? {} : { detail: defuseDetail(options.detail) };
  const buttons = items.map((item, index) => (typeof item === "string" ? { title: defuseLabel(item), index } : { ...item, title: defuseLabel(item.title), index }));
  const chosen = await raw(defuseMessage(message), { ...options, ...detail }, ...buttons);
  return chosen && items[chosen.index];
}

function isOptions(value: Item | vscode.MessageOptions): value is vscode.MessageOptions {
  return typeof value === "object" && !("title" in value);
}
