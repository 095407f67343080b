import type { Locator } from "playwright-core";
import { until } from "./until";

/** What is used of the page's own elements, whose types are not Node's. */
interface AnyElement {
  readonly innerText: string;
  getAttribute(name: string): string | null;
}

/** What a part of the window makes of a hostile text. */
export interface Danger {
  readonly surface: string;
  /** Links and buttons that run a command or leave for a page. */
  readonly links: number;
  /** What these show and where they lead. */
  readonly targets: readonly string[];
  /** Icons that the text brought along. */
  readonly icons: number;
  /** Pictures that would be loaded from elsewhere. */
  readonly pictures: number;
  /** Characters that turn, hide or control what is around them. */
  readonly hidden: number;
}

/** What a hover of ours may link to: a file is opened, a folder shown. */
const harmless = /^(file:|vscode-remote:|command:revealInExplorer\?|https:\/\/docs\.docker\.com\/|#|$)/;
/** Control characters other than line ends, marks and overrides of direction, characters without a width. */
const hiddenCharacters = /(?![\t\n\r])\p{Cc}|[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Waits until a surface shows a hostile text, and counts what it can do there. */
export async function dangersOf(
  surface: string,
  part: Locator,
  shows: RegExp = /command:|Fix it|flame/,
): Promise<Danger> {
  await until(async () => shows.test((await part.allInnerTexts()).join("\n")), `${surface} shows the text`);
  const targets = await part.locator("a, [data-href], .monaco-button, button").evaluateAll((elements: AnyElement[]) =>
    elements.map((each) => ({
      target: each.getAttribute("data-href") ?? each.getAttribute("href") ?? "",
      text: each.innerText,
    })),
  );
  // What shows only a link's text has taken the link for one.
  const links = targets.filter(
    ({ target, text }) => !harmless.test(target) || (text.includes("Fix it") && !text.includes("command:")),
  );
  const pictures = await part
    .locator("img")
    .evaluateAll((elements: AnyElement[]) => elements.map((each) => each.getAttribute("src") ?? ""));
  return {
    surface,
    links: links.length,
    targets: links.map(({ target, text }) => `${text} → ${target}`),
    icons: await part.locator(".codicon-flame").count(),
    pictures: pictures.filter((source) => /^https?:/.test(source)).length,
    hidden: [...(await part.allInnerTexts()).join("\n").matchAll(hiddenCharacters)].length,
  };
}

/** A table of all of them. */
export function tableOf(dangers: readonly Danger[]): string {
  const row = (cells: readonly (string | number)[]): string =>
    `      ${cells.map((cell, i) => (i === 0 ? String(cell).padEnd(52) : String(cell).padStart(9))).join("")}`;
  return [
    row(["surface", "links", "icons", "pictures", "hidden"]),
    ...dangers.map(({ surface, links, icons, pictures, hidden }) => row([surface, links, icons, pictures, hidden])),
  ].join("\n");
}
