import { byId, button, keepingFocus, make } from "../elements";
import type { ReportPicture, StepLook } from "./messages";
import { act, texts } from "./page";

/** Draws the facts of a build, each with its label. */
export function drawFacts({ facts }: ReportPicture): void {
  byId("facts").replaceChildren(
    ...facts.map(({ label, value }) => make("div", "", make("dt", "", label), make("dd", "", value))),
  );
}

/** Draws the meaning of the colors. */
export function drawLegend(): void {
  byId("legend").replaceChildren(
    ...Object.entries(texts.legend).map(([look, label]) =>
      make("li", "", make("span", look === "waiting" ? "wait" : `dot look-${look}`), make("span", "", label)),
    ),
  );
}

/** Draws the slowest steps; a click chooses one. */
export function drawSlowest({ slowest, steps }: ReportPicture, choose: (step: number) => void): void {
  const rows = slowest.flatMap(({ step: index, share }) => {
    const step = steps[index];
    if (!step) return [];
    return [
      row(
        button(step.name, () => choose(index), "link"),
        step.duration,
        share,
        step.look,
      ),
    ];
  });
  fill("slowest", rows, texts.noSteps);
}

/** Draws the layers of the image by size, with the difference from the previous build. */
export function drawLayers({ layers, layersNote }: ReportPicture): void {
  const rows = layers.map(({ name, size, share, change, kind }) => {
    const element = row(make("span", "", name), size, share, "run");
    element.classList.add(kind);
    element.append(make("span", `change ${kind}`, change));
    return element;
  });
  fill("layers", rows, layersNote);
  byId("layersNote").textContent = layers.length > 0 ? layersNote : "";
}

/** Draws what was sent and received. */
export function drawTransfers({ transfers }: ReportPicture): void {
  const rows = transfers.map(({ label, size, share, look }) => row(make("span", "", label), size, share, look));
  fill("transfers", rows, texts.noTransfers);
}

/** Draws the builder's warnings; a click opens the line. */
export function drawWarnings({ warnings }: ReportPicture): void {
  const rows = warnings.map(({ message, detail, place }, i) =>
    make(
      "li",
      "warning",
      make("span", "", message),
      ...(detail === "" ? [] : [make("span", "quiet", detail)]),
      ...(place === "" ? [] : [button(place, () => act("openWarning", i), "link")]),
    ),
  );
  fill("warnings", rows, texts.noWarnings);
}

/** Draws notes on what is not in the report. */
export function drawNotes({ notes }: ReportPicture): void {
  byId("notes").replaceChildren(...notes.map((note) => make("p", "quiet", note)));
}

function row(name: HTMLElement, value: string, share: number, look: StepLook): HTMLElement {
  name.classList.add("what");
  const length = make("span", `length look-${look}`);
  length.style.width = `${Math.max(share * 100, 0.5).toFixed(2)}%`;
  return make("li", "", name, make("span", "number", value), make("span", "scale", length));
}

/** Replaces a list; an unchanged one keeps its elements, and with them the focus. */
function fill(id: string, rows: readonly HTMLElement[], nothing: string): void {
  const list = byId(id);
  const next = make("ul", "", ...(rows.length > 0 ? rows : [make("li", "quiet", nothing)]));
  if (list.innerHTML !== next.innerHTML) keepingFocus(list, () => list.replaceChildren(...next.children));
}
