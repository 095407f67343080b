import { visible } from "../../core/text/visible";
import { byId, button, keepingFocus, make } from "../elements";
import type { DrawnCause, DrawnFile, DrawnStep, ReportPicture } from "./messages";
import { act, texts } from "./page";

/** Draws what is known about the chosen step, with buttons for its line, its log, and the causes of its run. */
export function drawDetails(picture: ReportPicture | undefined, index: number, choose: (step: number) => void): void {
  const element = byId("details");
  const step = picture?.steps[index];
  const key = JSON.stringify([index, step]);
  // Unchanged details keep their buttons, and with them the focus.
  if (element.dataset["of"] === key) return;
  element.dataset["of"] = key;
  const parts = step
    ? [...partsOf(step, index), ...causesOf(step, picture?.steps ?? [], choose)]
    : [make("p", "quiet", texts.choose)];
  keepingFocus(element, () => element.replaceChildren(...parts));
}

function partsOf(step: DrawnStep, index: number): Node[] {
  const { name, number, look, state, start, duration, amount, facts, error, place } = step;
  const words = [state, duration, `${texts.start} ${start}`, amount, ...facts].filter(Boolean).join(" · ");
  return [
    make("h2", "", make("span", `dot look-${look}`), make("span", "", name)),
    make("p", "quiet", words),
    ...(error === "" ? [] : [make("p", "error", error)]),
    make(
      "p",
      "actions",
      ...(place === "" ? [] : [button(`${texts.openLine}: ${place}`, () => act("openStep", index), "primary")]),
      ...(number === "" ? [] : [button(`${texts.openLog}: ${number}`, () => act("openLog", index))]),
    ),
  ];
}

function causesOf({ causes }: DrawnStep, steps: readonly DrawnStep[], choose: (step: number) => void): Node[] {
  if (causes.length === 0) return [];
  return [
    make("h3", "", texts.whyNotCached),
    make("ul", "causes", ...causes.map((cause) => rowOf(cause, steps, choose))),
  ];
}

function rowOf({ text, step, files }: DrawnCause, steps: readonly DrawnStep[], choose: (step: number) => void): Node {
  const name = step === undefined ? undefined : steps[step]?.name;
  return make(
    "li",
    "",
    make("span", "", text),
    ...(step === undefined || name === undefined ? [] : [button(name, () => choose(step), "link")]),
    ...(files.length === 0 ? [] : [make("ul", "", ...files.map(fileRow))]),
  );
}

function fileRow({ label, index, canExclude }: DrawnFile): Node {
  if (index === undefined) return make("li", "", make("span", "", label));
  const exclude = button(texts.exclude, () => act("excludeFile", index));
  exclude.setAttribute("aria-label", visible(`${texts.exclude} ${label}`));
  return make(
    "li",
    "",
    button(label, () => act("openFile", index), "link"),
    ...(canExclude ? [exclude] : []),
  );
}
