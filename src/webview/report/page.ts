import type { FromReport, ReportAction, ReportState, ReportTexts } from "./messages";

declare function acquireVsCodeApi(): {
  postMessage(message: FromReport): void;
  getState(): unknown;
  setState(state: ReportState): void;
};

const vsCode = acquireVsCodeApi();

/** Texts of the page itself. */
export const texts = JSON.parse(document.body.dataset["texts"] ?? "{}") as ReportTexts;

/** State from the last time the page was shown. */
export const initialState: ReportState = {
  isTable: false,
  ...(vsCode.getState() as Partial<ReportState> | undefined),
  build: document.body.dataset["build"] ?? "",
};

export function keep(state: ReportState): void {
  vsCode.setState(state);
}

export function send(message: FromReport): void {
  vsCode.postMessage(message);
}

export function act(action: ReportAction, index: number): void {
  send({ type: "act", action, index });
}
