import { byId, button, keepingFocus, make } from "../elements";
import type { DrawnStep, ReportPicture } from "./messages";
import { act, texts } from "./page";

/** Steps of a build as a table: the same data as the timeline. */
export class StepTable {
  /** Texts of the rows that are drawn, so that only rows that have changed are replaced. */
  #drawn: string[] = [];
  readonly #body = make("tbody");

  /** @param choose is called with the index of the focused step */
  constructor(private readonly choose: (step: number) => void) {
    const columns = [
      texts.step,
      texts.stage,
      texts.state,
      texts.start,
      texts.duration,
      texts.amount,
      texts.line,
      texts.log,
    ];
    const head = make("thead", "", make("tr", "", ...columns.map(heading)));
    byId("list").replaceChildren(make("table", "", make("caption", "unseen", texts.step), head, this.#body));
  }

  draw({ steps }: ReportPicture): void {
    keepingFocus(this.#body, () => this.#draw(steps));
  }

  #draw(steps: readonly DrawnStep[]): void {
    const now = steps.map((step) => JSON.stringify(step));
    now.forEach((text, i) => {
      const step = steps[i];
      if (!step || text === this.#drawn[i]) return;
      const row = this.#row(step, i);
      const old = this.#body.children[i];
      if (old) old.replaceWith(row);
      else this.#body.append(row);
    });
    while (this.#body.children.length > steps.length) this.#body.lastElementChild?.remove();
    this.#drawn = now;
  }

  #row(step: DrawnStep, index: number): HTMLElement {
    const { name, number, look, stage, state, start, duration, amount, place } = step;
    const title = make("th", "", make("span", `dot look-${look}`), make("span", "", name));
    title.scope = "row";
    const row = make(
      "tr",
      "",
      title,
      make("td", "", stage),
      make("td", "", state),
      make("td", "number", start),
      make("td", "number", duration),
      make("td", "number", amount),
      make("td", "", ...(place === "" ? [] : [button(place, () => act("openStep", index), "link")])),
      make("td", "", ...(number === "" ? [] : [button(number, () => act("openLog", index), "link")])),
    );
    for (const event of ["focusin", "click"]) row.addEventListener(event, () => this.choose(index));
    return row;
  }
}

function heading(text: string): HTMLElement {
  const cell = make("th", "", text);
  cell.scope = "col";
  return cell;
}
