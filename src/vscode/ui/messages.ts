import * as vscode from "vscode";
import { defuseDetail, defuseLabel, defuseMessage } from "../../core/text/defuse";
import { visible } from "../../core/text/visible";

type Item = string | vscode.MessageItem;
/**
 * Options of VS Code's messages. A detail of several paragraphs is passed as an array, so that no name in one paragraph
 * can look like another.
 */
export interface MessageOptions {
  readonly modal?: boolean;
  readonly detail?: string | readonly string[];
}

type Show = (
  message: string,
  options: vscode.MessageOptions,
  ...items: (vscode.MessageItem & { readonly index: number })[]
) => Thenable<{ readonly index: number } | undefined>;

/** Shows a message as VS Code's function does, but without links and icons in its texts. */
export function showInformationMessage<Chosen extends Item>(
  message: string,
  ...rest: readonly Chosen[]
): Promise<Chosen | undefined>;
export function showInformationMessage<Chosen extends Item>(
  message: string,
  options: MessageOptions,
  ...rest: readonly Chosen[]
): Promise<Chosen | undefined>;
export function showInformationMessage(
  message: string,
  ...rest: readonly (Item | MessageOptions)[]
): Promise<Item | undefined> {
  return show((...shown) => vscode.window.showInformationMessage(...shown), message, rest);
}

/** Shows a message as VS Code's function does, but without links and icons in its texts. */
export function showWarningMessage<Chosen extends Item>(
  message: string,
  ...rest: readonly Chosen[]
): Promise<Chosen | undefined>;
export function showWarningMessage<Chosen extends Item>(
  message: string,
  options: MessageOptions,
  ...rest: readonly Chosen[]
): Promise<Chosen | undefined>;
export function showWarningMessage(
  message: string,
  ...rest: readonly (Item | MessageOptions)[]
): Promise<Item | undefined> {
  return show((...shown) => vscode.window.showWarningMessage(...shown), message, rest);
}

/** Shows a message as VS Code's function does, but without links and icons in its texts. */
export function showErrorMessage<Chosen extends Item>(
  message: string,
  ...rest: readonly Chosen[]
): Promise<Chosen | undefined>;
export function showErrorMessage<Chosen extends Item>(
  message: string,
  options: MessageOptions,
  ...rest: readonly Chosen[]
): Promise<Chosen | undefined>;
export function showErrorMessage(
  message: string,
  ...rest: readonly (Item | MessageOptions)[]
): Promise<Item | undefined> {
  return show((...shown) => vscode.window.showErrorMessage(...shown), message, rest);
}

async function show(raw: Show, message: string, rest: readonly (Item | MessageOptions)[]): Promise<Item | undefined> {
  const [first] = rest;
  const options = first !== undefined && isOptions(first) ? first : {};
  const items = rest.filter((each): each is Item => !isOptions(each));
  const { modal = false, detail } = options;
  const shown = {
    modal,
    ...(detail !== undefined && { detail: typeof detail === "string" ? defuseDetail(detail) : paragraphs(detail) }),
  };
  const buttons = items.map((item, index) =>
    typeof item === "string" ? { title: defuseLabel(item), index } : { ...item, title: defuseLabel(item.title), index },
  );
  // A dialog shows line breaks; a notification replaces them with spaces.
  const chosen = await raw(defuseMessage(modal ? visible(message) : message), shown, ...buttons);
  return chosen && items[chosen.index];
}

function paragraphs(detail: readonly string[]): string {
  return defuseDetail(detail.map((paragraph) => visible(paragraph)).join("\n\n"));
}

function isOptions(value: Item | MessageOptions): value is MessageOptions {
  return typeof value === "object" && !("title" in value);
}
