import { visible } from "../core/text/visible";
import "./treemap.css";
import { TreemapView } from "./map";
import type { DrawnNode, PageState, Picture, ToPage } from "./messages";
import { announce, drawCrumbs, drawDetails, drawMarked, drawSummary } from "./surroundings";
import { drawTable } from "./table";
import { byId } from "./elements";
import { initialState, keep, send } from "./page";

let state: PageState = initialState;
let picture: Picture | undefined;

const events = {
  onLook: (node: DrawnNode | undefined): void => drawDetails(node, picture?.root.bytes ?? 0, zoomTo),
  onZoomIn: zoomTo,
  onZoomOut: () => {
    if (state.path !== "") zoomTo(state.path.slice(0, Math.max(state.path.lastIndexOf("/"), 0)));
  },
};
const view = new TreemapView(events);

function change(next: Partial<PageState>): void {
  state = { ...state, ...next };
  keep(state);
}

function zoomTo(path: string): void {
  send({ type: "zoom", path });
}

function draw(next: Picture): void {
  const isElsewhere = picture?.root.path !== next.root.path;
  picture = next;
  change({ path: next.root.path });
  drawCrumbs(next, zoomTo);
  drawSummary(next);
  drawMarked(next);
  drawTable(next.root, events);
  view.draw(next.root);
  if (isElsewhere) announce(next.root, next.name);
}

function showAs(isTable: boolean): void {
  change({ isTable });
  byId("map").hidden = isTable;
  byId("list").hidden = !isTable;
  byId("asMap").setAttribute("aria-pressed", String(!isTable));
  byId("asTable").setAttribute("aria-pressed", String(isTable));
}

function receive(message: ToPage): void {
  const hasProblem = message.type === "problem";
  byId("problem").hidden = !hasProblem;
  for (const id of ["summary", "switch"]) byId(id).hidden = hasProblem;
  byId("problem").textContent = hasProblem ? visible(message.message, "lines") : "";
  if (hasProblem) byId("map").hidden = byId("list").hidden = true;
  else {
    showAs(state.isTable);
    draw(message);
  }
}

byId("asMap").addEventListener("click", () => showAs(false));
byId("asTable").addEventListener("click", () => showAs(true));
window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => receive(data));
showAs(state.isTable);
send({ type: "ready", path: state.path });
