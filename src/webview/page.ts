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
