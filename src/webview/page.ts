import { visible } from "../core/text/visible";
import type { Action, DrawnNode, FromPage, PageState, PageTexts } from "./messages";

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: PageState): void;
};

const vsCode = acquireVsCodeApi();

/** What the page says by itself. */
export const texts = JSON.parse(document.body.dataset["texts"] ?? "{}") as PageTexts;

/** The context, as commands are told of it. */
const place = document.body.dataset["place"] ?? "{}";

/** What was kept of the page when it was shown last, else how it begins. */
export const initialState: PageState = {
  isTable: false,
  path: document.body.dataset["path"] ?? "",
  ...(vsCode.getState() as Partial<PageState> | undefined),
  ...(JSON.parse(place) as { readonly folder: string; readonly dockerfile?: string }),
};

export function keep(state: PageState): void {
  vsCode.setState(state);
}

export function send(message: FromPage): void {
  vsCode.postMessage(message);
}

export function act(action: Action, path: string): void {
  send({ type: "act", action, path });
}

/** Has VS Code offer our commands in an element's context menu. */
export function offerCommands(element: HTMLElement, { type, path }: DrawnNode): void {
  element.dataset["vscodeContext"] = JSON.stringify({
    webviewSection: type,
    place,
    path,
    preventDefaultContextMenuItems: true,
  });
}

/** An element of the page that is always there. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no ${id}.`);
  return element;
}

/** A new element with a class and content. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = "",
  ...content: (string | Node)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className !== "") element.className = className;
  element.append(...content.map((each) => (typeof each === "string" ? visible(each) : each)));
  return element;
}

/** A button that does something. */
export function button(label: string, onPress: () => void, className = ""): HTMLButtonElement {
  const element = make("button", className, label);
  element.addEventListener("click", onPress);
  return element;
}

/** A part of a whole, in the reader's way of writing numbers. */
export function percent(part: number, whole: number): string {
  const share = whole > 0 ? part / whole : 0;
  const format = new Intl.NumberFormat(document.documentElement.lang, {
    style: "percent",
    maximumFractionDigits: share < 0.1 ? 1 : 0,
  });
  return share > 0 && share < 0.001 ? `< ${format.format(0.001)}` : format.format(share);
}
