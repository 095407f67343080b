import { byId, button, keepingFocus, make } from "../elements";
import type { DrawnStep } from "./messages";
import { act, texts } from "./page";

/** Draws what is known about the chosen step, with buttons for its line and its log. */
export function drawDetails(step: DrawnStep | undefined, index: number): void {
  const element = byId("details");
  const key = JSON.stringify([index, step]);
  // Unchanged details keep their buttons, and with them the focus.
  if (element.dataset["of"] === key) return;
  element.dataset["of"] = key;
  const parts = step ? partsOf(step, index) : [make("p", "quiet", texts.choose)];
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
