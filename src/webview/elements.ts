import { visible } from "../core/text/visible";

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

/** Changes a container, and focuses the same of its buttons as before. */
export function keepingFocus(container: HTMLElement, change: () => void): void {
  const buttons = (): HTMLElement[] => [...container.querySelectorAll("button")];
  const focused = buttons().findIndex((each) => each === document.activeElement);
  change();
  if (focused >= 0) buttons()[focused]?.focus();
}
