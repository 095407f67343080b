import { visible } from "../../core/text/visible";
import { byId } from "../elements";
import { drawDetails } from "./details";
import type { ReportPicture, ReportState, ToReport } from "./messages";
import { initialState, keep, send } from "./page";
import "./report.css";
import { drawFacts, drawLayers, drawLegend, drawNotes, drawSlowest, drawTransfers, drawWarnings } from "./sections";
import { StepTable } from "./stepTable";
import { TimelineView } from "./timelineView";

let state: ReportState = initialState;
let picture: ReportPicture | undefined;
let chosen: number | undefined;

const timeline = new TimelineView(choose);
const table = new StepTable(choose);

/** Shows the details of a step, whichever part of the page it was chosen in. */
function choose(step: number): void {
  chosen = step;
  timeline.mark(step);
  drawDetails(picture, step, choose);
}

function draw(next: ReportPicture): void {
  picture = next;
  byId("name").textContent = visible(next.name);
  drawFacts(next);
  timeline.draw(next);
  table.draw(next);
  drawSlowest(next, choose);
  drawLayers(next);
  drawTransfers(next);
  drawWarnings(next);
  drawNotes(next);
  drawDetails(chosen === undefined ? undefined : next, chosen ?? 0, choose);
}

function showAs(isTable: boolean): void {
  state = { ...state, isTable };
  keep(state);
  byId("timeline").hidden = isTable;
  byId("list").hidden = !isTable;
  byId("asTimeline").setAttribute("aria-pressed", String(!isTable));
  byId("asTable").setAttribute("aria-pressed", String(isTable));
}

function receive(message: ToReport): void {
  const hasProblem = message.type === "problem";
  byId("problem").hidden = !hasProblem;
  byId("report").hidden = hasProblem;
  byId("problem").textContent = hasProblem ? visible(message.message, "lines") : "";
  if (!hasProblem) draw(message);
}

byId("asTimeline").addEventListener("click", () => showAs(false));
byId("asTable").addEventListener("click", () => showAs(true));
window.addEventListener("message", ({ data }: MessageEvent<ToReport>) => receive(data));
drawLegend();
showAs(state.isTable);
send({ type: "ready" });
