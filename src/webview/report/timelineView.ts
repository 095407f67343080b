import { visible } from "../../core/text/visible";
import { byId, make } from "../elements";
import { neighbor, type Direction } from "../neighbor";
import type { DrawnBar, DrawnStep, ReportPicture } from "./messages";
import { act, texts } from "./page";

/** Steps on a time axis, which can be navigated with the mouse and the keyboard. */
export class TimelineView {
  readonly #element = byId("lanes");
  /** Bars by the index of their step; the same step keeps its element, and with it the focus. */
  readonly #bars = new Map<number, HTMLElement>();
  readonly #waits = new Map<number, HTMLElement>();
  /** Which bars are in which lanes. */
  #shape = "";
  #picture: ReportPicture | undefined;
  #current: number | undefined;

  /** @param choose is called with the index of the focused step */
  constructor(private readonly choose: (step: number) => void) {
    this.#element.addEventListener("click", ({ target }) => this.#chooseAt(target));
    this.#element.addEventListener("focusin", ({ target }) => this.#chooseAt(target));
    this.#element.addEventListener("dblclick", ({ target }) => this.#openAt(target));
    this.#element.addEventListener("keydown", (event) => this.#press(event));
  }

  draw(picture: ReportPicture): void {
    this.#picture = picture;
    byId("axis").replaceChildren(
      ...picture.ticks.map(({ at, label }) => {
        const tick = make("span", "tick", make("span", "", label));
        tick.style.left = percentage(at);
        return tick;
      }),
    );
    const parts = picture.lanes.map(({ bars }) => bars.flatMap((bar) => this.#partsOf(bar, picture)));
    const shape = JSON.stringify(
      picture.lanes.map(({ label, bars }) => [label, bars.map(({ step, readyAt }) => [step, readyAt === undefined])]),
    );
    // Bars that stay where they are keep the focus, and a click that has begun.
    if (shape !== this.#shape) this.#arrange(picture, parts);
    this.#shape = shape;
    byId("noSteps").hidden = picture.lanes.length > 0;
    this.mark(this.#current ?? picture.lanes[0]?.bars[0]?.step, this.#current !== undefined);
  }

  #arrange({ lanes }: ReportPicture, parts: readonly (readonly Node[])[]): void {
    const focused = this.#stepAt(document.activeElement);
    this.#element.replaceChildren(
      ...lanes.map(({ label }, i) => {
        const isRepeated = lanes[i - 1]?.label === label;
        const track = make("div", "track", ...(parts[i] ?? []));
        const lane = make("div", "lane", make("div", "stage", isRepeated ? "" : label), track);
        lane.setAttribute("role", "group");
        lane.setAttribute("aria-label", visible(label));
        return lane;
      }),
    );
    if (focused !== undefined) this.#bars.get(focused)?.focus();
  }

  /** Marks the bar of a step as the chosen one, which is also the one that the Tab key reaches. */
  mark(step: number | undefined, isChosen = true): void {
    for (const [each, bar] of this.#bars) {
      bar.tabIndex = each === step ? 0 : -1;
      bar.setAttribute("aria-pressed", String(isChosen && each === step));
    }
    if (isChosen) this.#current = step;
  }

  #partsOf(bar: DrawnBar, { steps }: ReportPicture): Node[] {
    const step = steps[bar.step];
    if (!step) return [];
    const element = this.#bars.get(bar.step) ?? make("button", "", make("span", "spans"), make("span", "label"));
    this.#bars.set(bar.step, element);
    element.className = `bar look-${step.look}`;
    element.dataset["step"] = String(bar.step);
    element.setAttribute("aria-label", labelOf(step));
    element.title = labelOf(step);
    place(element, bar.from, bar.to);
    const width = bar.to - bar.from;
    element.children[0]?.replaceChildren(
      ...bar.spans.map(({ from, to }) => {
        const span = make("span", "span");
        place(span, width > 0 ? (from - bar.from) / width : 0, width > 0 ? (to - bar.from) / width : 1);
        return span;
      }),
    );
    element.children[1]?.replaceChildren(visible(shortName(step.name)));
    if (bar.readyAt === undefined) return [element];
    const wait = this.#waits.get(bar.step) ?? make("span", "wait");
    this.#waits.set(bar.step, wait);
    place(wait, bar.readyAt, bar.from);
    return [wait, element];
  }

  #stepAt(target: EventTarget | null): number | undefined {
    const found = target instanceof Element ? target.closest<HTMLElement>(".bar") : null;
    return found ? Number(found.dataset["step"]) : undefined;
  }

  #chooseAt(target: EventTarget | null): void {
    const step = this.#stepAt(target);
    if (step !== undefined) this.choose(step);
  }

  #openAt(target: EventTarget | null): void {
    const step = this.#stepAt(target);
    if (step !== undefined) act(this.#picture?.steps[step]?.place === "" ? "openLog" : "openStep", step);
  }

  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") this.#openAt(event.target);
    else if (event.key.startsWith("Arrow")) this.#move(event.target, event.key as Direction);
    else if (event.key === "Home") this.#elements().at(0)?.focus();
    else if (event.key === "End") this.#elements().at(-1)?.focus();
    else return;
    event.preventDefault();
  }

  #elements(): HTMLElement[] {
    return [...this.#element.querySelectorAll<HTMLElement>(".bar")];
  }

  #move(target: EventTarget | null, direction: Direction): void {
    const elements = this.#elements();
    const at = elements.findIndex((each) => each === target);
    const boxes = elements.map((each) => each.getBoundingClientRect());
    elements[neighbor(boxes, at, direction) ?? -1]?.focus();
  }
}

function place(element: HTMLElement, from: number, to: number): void {
  element.style.left = percentage(from);
  element.style.width = percentage(to - from);
}

function percentage(part: number): string {
  return `${(part * 100).toFixed(3)}%`;
}

/** Leaves out the position in the stage, which the lane shows. */
function shortName(name: string): string {
  return name.replace(/^\[[^\]]*\] /, "");
}

function labelOf({ name, state, start, duration, amount, facts }: DrawnStep): string {
  return visible([name, state, duration, texts.start + " " + start, amount, ...facts].filter(Boolean).join(", "));
}
