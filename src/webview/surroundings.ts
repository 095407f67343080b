import { visible } from "../core/text/visible";
import { labelOf, nameOf } from "./cells";
import type { DrawnNode, Picture } from "./messages";
import { button, byId, make, percent } from "./elements";
import { act, texts } from "./page";

/** Draws the path of the shown folder; each parent folder is a button. */
export function drawCrumbs({ name, root }: Picture, zoomTo: (path: string) => void): void {
  const names = root.path === "" ? [] : root.path.split("/");
  const crumbs = [
    { label: name, path: "" },
    ...names.map((label, i) => ({ label, path: names.slice(0, i + 1).join("/") })),
  ];
  const items = crumbs.map(({ label, path }, i) => {
    const isLast = i === crumbs.length - 1;
    const item = make("li", "", isLast ? make("span", "", label) : button(label, () => zoomTo(path), "link"));
    if (isLast) item.setAttribute("aria-current", "page");
    return item;
  });
  byId("crumbs").replaceChildren(...items);
}

/** Draws the total size, and the size of each kind. */
export function drawSummary({ root, kinds, ignoreFile }: Picture): void {
  byId("total").replaceChildren(make("strong", "", root.size), make("span", "", `${root.count} · ${ignoreFile}`));
  byId("bar").replaceChildren(
    ...kinds.map(({ kind, bytes }) => {
      const part = make("span", `kind-${kind}`);
      part.style.flexGrow = String(bytes);
      return part;
    }),
  );
  byId("legend").replaceChildren(
    ...kinds.map(({ kind, label, size }) =>
      make("li", "", make("span", `dot kind-${kind}`), make("span", "", label), make("span", "size", size)),
    ),
  );
}

/** Draws buttons for the files that need attention, even if they are too small in the treemap. */
export function drawMarked({ marked, markedMore }: Picture): void {
  const chips = marked.map(({ path, mark, note }) => {
    const chip = button("", () => act("rows", path), `chip ${mark}`);
    chip.append(make("span", "name", path), make("span", "note", note));
    chip.title = visible(`${path}, ${note}`);
    return make("li", "", chip);
  });
  byId("marked").replaceChildren(...chips, ...(markedMore === "" ? [] : [make("li", "more", markedMore)]));
  byId("marked").hidden = marked.length === 0;
}

/** Draws the details of a rectangle, with buttons for its actions. */
export function drawDetails(node: DrawnNode | undefined, whole: number, zoomIn: (path: string) => void): void {
  byId("details").replaceChildren(...(node ? wordsOf(node, whole) : []));
  const key = node && `${node.type}:${node.path}`;
  if (byId("actions").dataset["of"] === key) return;
  // Keeps the buttons of the same rectangle, so that a focused one keeps the focus.
  byId("actions").dataset["of"] = key ?? "";
  byId("actions").replaceChildren(...(node ? actionsOn(node, zoomIn) : []));
}

function wordsOf(node: DrawnNode, whole: number): Node[] {
  const { type, path, note, mark, bytes } = node;
  const words = [node.size, percent(bytes, whole), ...(type === "file" ? [] : [node.count])].join(" · ");
  const name = type === "others" ? `${path === "" ? "" : `${path}/`}${nameOf(node)}` : path;
  return [
    make("strong", "", name),
    make("span", "", words),
    ...(note ? [make("span", `note ${mark ?? ""}`, note)] : []),
  ];
}

function actionsOn({ type, path }: DrawnNode, zoomIn: (path: string) => void): Node[] {
  const showRows = button(texts.showRows, () => act("rows", path));
  if (type === "others") return [showRows];
  const open = type === "file" ? button(texts.open, () => act("open", path)) : button(texts.zoomIn, () => zoomIn(path));
  return [
    open,
    button(texts.reveal, () => act("reveal", path)),
    showRows,
    button(texts.exclude, () => act("exclude", path), "primary"),
  ];
}

/** Announces the shown folder to screen readers. */
export function announce(root: DrawnNode, name: string): void {
  byId("news").textContent = root.path === "" ? visible([name, root.size, root.count].join(", ")) : labelOf(root);
}
