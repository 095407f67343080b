import { nameOf } from "./cells";
import type { DrawnNode } from "./messages";
import { button, byId, make, percent } from "./elements";
import { act, offerCommands, texts } from "./page";

/** Events of the table. */
export interface TableEvents {
  readonly onLook: (node: DrawnNode) => void;
  readonly onZoomIn: (path: string) => void;
}

/** Draws a folder's contents as a table, the largest first: the same data as the treemap. */
export function drawTable(root: DrawnNode, events: TableEvents): void {
  const head = make(
    "thead",
    "",
    make("tr", "", ...[texts.name, texts.size, texts.share, texts.files, texts.note].map(heading)),
  );
  const body = make("tbody", "", ...(root.children ?? []).map((node) => row(node, root, events)));
  const title = root.name === "" ? "/" : root.path;
  byId("list").replaceChildren(
    make("table", "", make("caption", "unseen", `${title}, ${root.size}, ${root.count}`), head, body),
  );
}

function heading(text: string): HTMLElement {
  const cell = make("th", "", text);
  cell.scope = "col";
  return cell;
}

function row(node: DrawnNode, root: DrawnNode, { onLook, onZoomIn }: TableEvents): HTMLElement {
  const { type, path, kind, size, count, note = "", bytes, mark } = node;
  const press = (): void => (type === "folder" ? onZoomIn(path) : act("open", path));
  const name = make(
    "th",
    "",
    make("span", `dot kind-${kind}`),
    type === "others" ? nameOf(node) : button(type === "folder" ? `${node.name}/` : node.name, press, "link"),
  );
  name.scope = "row";
  const share = make("td", "share", make("span", `length kind-${kind}`), make("span", "", percent(bytes, root.bytes)));
  share
    .querySelector<HTMLElement>(".length")
    ?.style.setProperty("width", `${Math.max((bytes / (root.children?.[0]?.bytes ?? bytes)) * 100, 1)}px`);
  const element = make(
    "tr",
    mark ?? "",
    name,
    make("td", "number", size),
    share,
    make("td", "number", type === "file" ? "" : count),
    make("td", "note", note),
  );
  offerCommands(element, node);
  for (const event of ["focusin", "pointerenter"]) element.addEventListener(event, () => onLook(node));
  return element;
}
