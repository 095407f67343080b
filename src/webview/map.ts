import { Cells, labelOf, nameOf, type Cell } from "./cells";
import type { DrawnNode } from "./messages";
import { neighbor, type Direction } from "./neighbor";
import { byId } from "./elements";
import { act, texts } from "./page";

/** Events of the treemap. */
export interface MapEvents {
  /** Called with the hovered or focused rectangle; undefined if there is none. */
  readonly onLook: (node: DrawnNode | undefined) => void;
  readonly onZoomIn: (path: string) => void;
  readonly onZoomOut: () => void;
}

/** Treemap: rectangles that can be navigated with the mouse and the keyboard. */
export class TreemapView {
  readonly #element = byId("map");
  readonly #cells = new Cells(this.#element);
  #root: DrawnNode | undefined;
  #current: Cell | undefined;

  constructor(private readonly events: MapEvents) {
    this.#element.setAttribute("aria-describedby", "help");
    this.#element.dataset["nothing"] = texts.nothing;
    this.#element.addEventListener("focusin", ({ target }) => this.#look(this.#cells.at(target)));
    this.#element.addEventListener("pointerover", ({ target }) => this.#hover(this.#cells.at(target)));
    this.#element.addEventListener("pointerleave", () => this.#hover(undefined));
    this.#element.addEventListener("click", ({ target }) => this.#cells.at(target)?.element.focus());
    this.#element.addEventListener("dblclick", ({ target }) => this.#enter(this.#cells.at(target)));
    this.#element.addEventListener("keydown", (event) => this.#press(event));
    new ResizeObserver(() => this.#redraw()).observe(this.#element);
  }

  /** Draws a folder; if it is the same folder as before, its rectangles move to their new positions. */
  draw(root: DrawnNode): void {
    const isSame = this.#root?.path === root.path;
    const hadFocus = this.#element.contains(document.activeElement);
    this.#root = root;
    this.#element.setAttribute("aria-label", labelOf(root));
    this.#element.classList.toggle("moving", isSame);
    if (!isSame) {
      this.#appear();
      this.#setCurrent(undefined);
    }
    this.#drawCells(root);
    if (hadFocus) this.focus();
  }

  /** Focuses the current rectangle, which handles the keys. */
  focus(): void {
    this.#current?.element.focus();
  }

  /** Draws without animation while the window is resized. */
  #redraw(): void {
    this.#element.classList.remove("moving");
    if (this.#root) this.#drawCells(this.#root);
  }

  /** While the table is shown, the treemap has no width to draw in. */
  #drawCells(root: DrawnNode): void {
    if (this.#element.clientWidth === 0) return;
    this.#cells.draw(root);
    this.#setCurrent((this.#current && this.#cells.of(this.#current.node)) ?? this.#cells.top[0]);
    this.#element.classList.toggle("empty", !this.#current);
    this.events.onLook(this.#current?.node);
  }

  #appear(): void {
    this.#element.classList.remove("appearing");
    // Reading the width restarts the animation.
    void this.#element.offsetWidth;
    this.#element.classList.add("appearing");
  }

  #look(cell: Cell | undefined): void {
    if (!cell) return;
    this.#setCurrent(cell);
    this.events.onLook(cell.node);
  }

  #setCurrent(cell: Cell | undefined): void {
    if (this.#current) {
      this.#current.element.tabIndex = -1;
      this.#current.element.setAttribute("aria-selected", "false");
    }
    this.#current = cell;
    if (!cell) return;
    cell.element.tabIndex = 0;
    cell.element.setAttribute("aria-selected", "true");
  }

  #hover(cell: Cell | undefined): void {
    this.#element.querySelector(".hovered")?.classList.remove("hovered");
    cell?.element.classList.add("hovered");
    this.events.onLook((cell ?? this.#current)?.node);
    this.#element.title = cell ? labelOf(cell.node) : "";
  }

  #enter(cell: Cell | undefined): void {
    if (!cell) return;
    const { type, path } = cell.node;
    if (type === "file") act("open", path);
    else if (path !== this.#root?.path) this.events.onZoomIn(path);
  }

  #press(event: KeyboardEvent): void {
    const cell = this.#cells.at(event.target);
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow")) this.#move(cell, event.key as Direction);
    else if (event.key === "Home") this.#cells.siblings(cell).at(0)?.element.focus();
    else if (event.key === "End") this.#cells.siblings(cell).at(-1)?.element.focus();
    else if (event.key === "Enter" || event.key === " ") this.#enter(cell);
    else if (event.key === "Backspace" || event.key === "Escape") this.events.onZoomOut();
    else if (event.key === "Delete" && cell.node.type !== "others") act("exclude", cell.node.path);
    else return this.#find(cell, event);
    event.preventDefault();
  }

  #move(cell: Cell, direction: Direction): void {
    const siblings = this.#cells.siblings(cell);
    const boxes = siblings.map(({ element }) => element.getBoundingClientRect());
    siblings[neighbor(boxes, siblings.indexOf(cell), direction) ?? -1]?.element.focus();
  }

  /** Moves to the next name that starts with the typed letter, as in other trees. */
  #find(cell: Cell, event: KeyboardEvent): void {
    if (event.key.length !== 1) return;
    const siblings = this.#cells.siblings(cell);
    const at = siblings.indexOf(cell);
    const following = [...siblings.slice(at + 1), ...siblings.slice(0, at)];
    following.find(({ node }) => nameOf(node).toLowerCase().startsWith(event.key.toLowerCase()))?.element.focus();
  }
}
