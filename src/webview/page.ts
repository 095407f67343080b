import { visible } from "../core/text/visible";
import type { Action, DrawnNode, FromPage, PageState, PageTexts } from "./messages";

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: PageState): void;
};

const vsCode = acquireVsCodeApi();

/** Texts of the page itself. */
export const texts = JSON.parse(document.body.dataset["texts"] ?? "{}") as PageTexts;

/** Build context in the form of a command's argument, as JSON. */
const place = document.body.dataset["place"] ?? "{}";

/** State from the last time the page was shown; by default, the state from the extension. */
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

/** Adds our commands to an element's context menu. */
export function offerCommands(element: HTMLElement, { type, path }: DrawnNode): void {
  element.dataset["vscodeContext"] = JSON.stringify({
    webviewSection: type,
    place,
    path,
    preventDefaultContextMenuItems: true,
  });
}

/** Returns an element that the page always contains. Throws if it doesn't. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no ${id}.`);
  return element;
}

/** Creates an element with a class and content. */
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

/** Creates a button. */
export function button(label: string, onPress: () => void, className = ""): HTMLButtonElement {
  const element = make("button", className, label);
  element.addEventListener("click", onPress);
  return element;
}

/** Formats a part of a whole as a percentage, in the page's locale. */
export function percent(part: number, whole: number): string {
  const share = whole > 0 ? part / whole : 0;
  const format = new Intl.NumberFormat(document.documentElement.lang, {
    style: "percent",
    maximumFractionDigits: share < 0.1 ? 1 : 0,
  });
  return share > 0 && share < 0.001 ? `< ${format.format(0.001)}` : format.format(share);
}
