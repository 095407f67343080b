import { squarify, type Rectangle } from "../core/context/overview/squarify";
import { visible } from "../core/text/visible";
import type { DrawnNode } from "./messages";
import { make } from "./elements";
import { offerCommands, texts } from "./page";

/** Height of a folder's title, in pixels. */
const titleHeight = 22;
/** Space between a folder's edge and its contents, in pixels. */
const padding = 2;
/** Minimum width and height of a drawn rectangle, in pixels. */
const smallest = 4;
/** Minimum size of a folder that is drawn open, in pixels. */
const smallestFolder = { width: 42, height: 42 };
/** Minimum size of a rectangle with a name, in pixels, so that at least its beginning is readable. */
const smallestName = { width: 44, height: 17 };

/** Drawn rectangle and its node. */
export interface Cell {
  readonly element: HTMLElement;
  readonly node: DrawnNode;
  readonly parent?: Cell;
}

/**
 * Draws rectangles. The same path always gets the same element, which moves when its size changes and keeps the focus.
 */
export class Cells {
  #cells = new Map<string, Cell>();
  #byElement = new WeakMap<Element, Cell>();

  constructor(private readonly container: HTMLElement) {}

  /** Draws the contents of a folder over the whole container. */
  draw(root: DrawnNode): void {
    const before = this.#cells;
    this.#cells = new Map();
    const { clientWidth: width, clientHeight: height } = this.container;
    this.#drawChildren(root, { x: 0, y: 0, width, height }, this.container, 1, undefined, before);
    for (const [key, { element }] of before) if (!this.#cells.has(key)) element.remove();
  }

  /** Returns the rectangle that contains an element; undefined if there is none. */
  at(element: EventTarget | null): Cell | undefined {
    const found = element instanceof Element ? element.closest(".cell") : null;
    return found ? this.#byElement.get(found) : undefined;
  }

  /** Returns the rectangle that a node has now; undefined if it is not drawn. */
  of(node: DrawnNode): Cell | undefined {
    return this.#cells.get(keyOf(node));
  }

  /** Returns a rectangle and its siblings, the largest first. */
  siblings({ parent }: Cell): Cell[] {
    return [...this.#cells.values()].filter((each) => each.parent === parent);
  }

  get top(): Cell[] {
    return [...this.#cells.values()].filter(({ parent }) => !parent);
  }

  #drawChildren(
    { children = [] }: DrawnNode,
    area: Rectangle,
    group: HTMLElement,
    level: number,
    parent: Cell | undefined,
    before: ReadonlyMap<string, Cell>,
  ): void {
    for (const { node, rectangle } of arrange(children, area)) {
      const key = keyOf(node);
      const cell = { element: before.get(key)?.element ?? make("div"), node, parent };
      this.#cells.set(key, cell);
      this.#byElement.set(cell.element, cell);
      if (cell.element.parentElement !== group) group.append(cell.element);
      this.#drawCell(cell, rectangle, level, before);
    }
  }

  #drawCell(cell: Cell, { x, y, width, height }: Rectangle, level: number, before: ReadonlyMap<string, Cell>): void {
    const { element, node } = cell;
    const size = { width: Math.max(width - 1, 1), height: Math.max(height - 1, 1) };
    Object.assign(element.style, {
      left: `${x}px`,
      top: `${y}px`,
      width: `${size.width}px`,
      height: `${size.height}px`,
    });
    const isOpen =
      node.children !== undefined && size.width >= smallestFolder.width && size.height >= smallestFolder.height;
    const hasName = size.width >= smallestName.width && size.height >= smallestName.height;
    element.className = [
      "cell",
      node.type,
      `kind-${node.kind}`,
      isOpen ? "open" : "closed",
      node.mark,
      hasName ? "" : "nameless",
    ]
      .filter(Boolean)
      .join(" ");
    describe(element, node, level, isOpen);
    const title = childOf(element, "title");
    title.replaceChildren(...(hasName ? titleOf(node, size, isOpen) : []));
    if (!isOpen) return element.querySelector(":scope > .inside")?.remove();
    const inside = childOf(element, "inside");
    inside.setAttribute("role", "group");
    const area = { x: 0, y: 0, width: size.width - 2 * padding - 2, height: size.height - titleHeight - padding - 2 };
    this.#drawChildren(node, area, inside, level + 1, cell, before);
  }
}

/** Lays out the nodes that are large enough to be drawn, without gaps for the others. */
function arrange(
  nodes: readonly DrawnNode[],
  area: Rectangle,
): { readonly node: DrawnNode; readonly rectangle: Rectangle }[] {
  const places = squarify(
    nodes.map(({ bytes }) => bytes),
    area,
  );
  const arranged = nodes.flatMap((node, i) => (places[i] ? [{ node, rectangle: places[i] }] : []));
  const drawn = arranged.filter(({ rectangle: { width, height } }) => width >= smallest && height >= smallest);
  return drawn.length === nodes.length
    ? drawn
    : arrange(
        drawn.map(({ node }) => node),
        area,
      );
}

/** Returns the key of a node; the node for the rest of a folder has the same path as the folder. */
function keyOf({ type, path }: DrawnNode): string {
  return type === "others" ? `${path}/` : path;
}

/** Returns the displayed name of a rectangle. */
export function nameOf({ type, name }: DrawnNode): string {
  return type === "others" ? texts.others : name;
}

/** Returns the label for screen readers: `node_modules, folder, 340 MB, 1,204 files`. */
export function labelOf(node: DrawnNode): string {
  const { type, size, count, note } = node;
  return visible(
    [nameOf(node), type === "folder" ? texts.folder : "", size, type === "file" ? "" : count, note ?? ""]
      .filter(Boolean)
      .join(", "),
  );
}

function describe(element: HTMLElement, node: DrawnNode, level: number, isOpen: boolean): void {
  element.setAttribute("role", "treeitem");
  element.setAttribute("aria-label", labelOf(node));
  element.setAttribute("aria-level", String(level));
  element.setAttribute("aria-selected", "false");
  if (isOpen) element.setAttribute("aria-expanded", "true");
  else element.removeAttribute("aria-expanded");
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  offerCommands(element, node);
}

function titleOf(
  node: DrawnNode,
  { width, height }: { readonly width: number; readonly height: number },
  isOpen: boolean,
): Node[] {
  const parts: Node[] = [make("span", "name", nameOf(node))];
  if (isOpen ? width >= 120 : height >= 34 && width >= 56) parts.push(make("span", "size", node.size));
  if (node.note && width >= 70 && (isOpen ? width >= 220 : height >= 50)) parts.push(make("span", "note", node.note));
  return parts;
}

function childOf(element: HTMLElement, className: string): HTMLElement {
  const found = element.querySelector<HTMLElement>(`:scope > .${className}`);
  if (found) return found;
  const made = make("div", className);
  element.append(made);
  return made;
}
