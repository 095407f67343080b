import { basename } from "node:path";
import * as vscode from "vscode";
import type { ComparedBuild } from "../../../core/report/baseImages";
import type { BuildReport, ReportLayer, ReportStep } from "../../../core/report/reportRecord";
import type { Bar, Timeline } from "../../../core/report/timeline";
import type { LayerChanges } from "../../../core/report/layerChanges";
import { formatBytes, formatDuration } from "../../../core/text/format";
import type { DrawnCause, DrawnStep, ReportPicture, StepLook } from "../../../webview/report/messages";
import { formatAmount } from "../../ui/amounts";
import type { Build } from "../history/build";
import type { ComparedWith } from "../history/buildHistory";
import { stateName } from "../buildFacts";
import type { ContextFile } from "./changedFile";
import { stepCauses } from "./stepCauses";

/** Maximum number of layers that are listed. */
const mostLayers = 20;

/** Report of an earlier build, for comparing its layers. */
export interface EarlierReport {
  readonly build: Build;
  readonly report: BuildReport;
}

/** Earlier builds with which a build is compared. */
export interface EarlierBuilds {
  /** The newest whose layers are known. */
  readonly earlier: EarlierReport | undefined;
  /** The newest whose cache the build could use. */
  readonly compared: ComparedWith | undefined;
}

/** Creates the drawing data of a build's report, and the paths of the files in it. */
export async function reportPicture(
  build: Build,
  { report, inputs }: ComparedBuild,
  { earlier, compared }: EarlierBuilds,
): Promise<{ readonly picture: ReportPicture; readonly files: readonly ContextFile[] }> {
  const { causes, files } = await stepCauses({ report, inputs }, compared);
  const [{ timelineOf }, { layerChanges }] = await Promise.all([
    import("../../../core/report/timeline"),
    import("../../../core/report/layerChanges"),
  ]);
  const timeline = timelineOf(report);
  const { steps, warnings, stepsLeftOut, layers } = report;
  const { totalMs } = timeline;
  const bars = new Map(timeline.lanes.flatMap((lane) => lane.bars).map((bar) => [bar.step, bar]));
  const slowestMs = timeline.slowest[0]?.ranMs ?? 1;
  const picture: ReportPicture = {
    type: "report",
    name: build.imageNames.join(", "),
    isRunning: report.isRunning,
    facts: factsOf(build, report),
    steps: steps.map((step, i) => drawnStep(step, bars.get(i), causes.get(i))),
    lanes: lanesOf(timeline),
    ticks: timeline.ticks.map((at) => ({ at: at / totalMs, label: shortTime(at) })),
    slowest: timeline.slowest.map(({ step, ranMs }) => ({ step, share: ranMs / slowestMs })),
    transfers: transfersOf(steps),
    ...layersOf(layers && layerChanges(layers, earlier?.report.layers ?? layers)),
    layersNote: layersNote(report, earlier),
    warnings: warnings.map(({ message, detail = "", place }) => ({ message, detail, place: placeInWords(place) })),
    notes: stepsLeftOut > 0 ? [vscode.l10n.t("Further steps: {0}", stepsLeftOut.toLocaleString())] : [],
  };
  return { picture, files };
}

function layersNote({ isRunning, layers }: BuildReport, earlier: EarlierReport | undefined): string {
  if (isRunning && !layers) return vscode.l10n.t("The layers are known once the image is built.");
  if (!layers) return vscode.l10n.t("The builder reported no layers of this image.");
  return earlier
    ? vscode.l10n.t("Compared with the build of {0}", earlier.build.startedAt.toLocaleString())
    : vscode.l10n.t("There is no earlier build of this Dockerfile to compare with.");
}

function factsOf(build: Build, { steps, durationMs, layers, sent }: BuildReport): ReportPicture["facts"] {
  const { state, answers, startedAt } = build;
  const outcome = state.kind === "done" ? state.outcome : undefined;
  const cached = steps.filter((step) => step.state === "cached").length;
  const sizeBytes = outcome?.sizeBytes ?? layers?.reduce((sum, { bytes }) => sum + bytes, 0);
  const facts: readonly (readonly [label: string, value: string | undefined])[] = [
    [vscode.l10n.t("Result"), stateName(build)],
    [vscode.l10n.t("Duration"), formatDuration(outcome?.durationMs ?? durationMs)],
    [vscode.l10n.t("Steps"), vscode.l10n.t("{0}, {1} cached", steps.length.toLocaleString(), cached.toLocaleString())],
    [vscode.l10n.t("Sent"), sent && formatAmount(sent)],
    [vscode.l10n.t("Size"), sizeBytes === undefined ? undefined : formatBytes(sizeBytes)],
    [vscode.l10n.t("Digest"), outcome?.repoDigest?.split("@")[1]],
    [vscode.l10n.t("Builder"), answers.builder],
    [vscode.l10n.t("Registry"), answers.registry],
    [vscode.l10n.t("Started"), startedAt.toLocaleString()],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
}

function lanesOf({ lanes, totalMs }: Timeline): ReportPicture["lanes"] {
  return lanes.map(({ kind, stage, bars }) => ({
    label: kind === "push" ? vscode.l10n.t("push") : stage !== "" ? stage : kindName(kind),
    bars: bars.map(({ step, from, to, spans, readyAt }) => ({
      step,
      from: from / totalMs,
      to: to / totalMs,
      spans: spans.map((span) => ({ from: span.from / totalMs, to: span.to / totalMs })),
      ...(readyAt !== undefined && { readyAt: readyAt / totalMs }),
    })),
  }));
}

function kindName(kind: ReportStep["kind"]): string {
  return kind === "internal" ? vscode.l10n.t("builder") : vscode.l10n.t("steps");
}

function drawnStep(step: ReportStep, bar: Bar | undefined, causes: readonly DrawnCause[] = []): DrawnStep {
  const { number, stage, bytes, error, place } = step;
  const waitMs = bar?.readyAt === undefined ? 0 : bar.from - bar.readyAt;
  return {
    name: nameOf(step),
    number: number === undefined ? "" : `#${number}`,
    look: lookOf(step),
    stage,
    state: stepState(step),
    start: bar ? formatDuration(bar.from) : "",
    duration: bar ? shortDuration(bar.ranMs) : "",
    amount: bytes > 0 ? formatBytes(bytes) : "",
    facts: waitMs > 0 ? [vscode.l10n.t("waited {0}", formatDuration(waitMs))] : [],
    error: error ?? "",
    causes,
    place: placeInWords(place),
  };
}

function nameOf({ kind, name }: ReportStep): string {
  return kind === "push" ? vscode.l10n.t("push {0}", name) : name;
}

function lookOf({ state, kind, bytes }: ReportStep): StepLook {
  if (state === "failed") return "failed";
  if (state === "cached") return "cached";
  if (kind === "push") return "push";
  if (bytes > 0) return "transfer";
  return kind === "instruction" ? "run" : "internal";
}

function stepState({ state }: ReportStep): string {
  switch (state) {
    case "running":
      return vscode.l10n.t("running");
    case "done":
      return vscode.l10n.t("done");
    case "cached":
      return vscode.l10n.t("cached");
    case "failed":
      return vscode.l10n.t("failed");
    case "stopped":
      return vscode.l10n.t("stopped");
  }
}

/** Sums up the bytes of each step that transferred some, the most first. */
function transfersOf(steps: readonly ReportStep[]): ReportPicture["transfers"] {
  const moved = steps.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes);
  const most = moved[0]?.bytes ?? 1;
  return moved.map((step) => ({
    label: nameOf(step),
    size: formatBytes(step.bytes),
    share: step.bytes / most,
    look: lookOf(step),
  }));
}

function layersOf(changes: LayerChanges | undefined): Pick<ReportPicture, "layers"> {
  const { layers = [], removed = [] } = changes ?? {};
  const most = Math.max(1, ...layers.map(({ bytes }) => bytes), ...removed.map(({ bytes }) => bytes));
  const drawn = ({ createdBy, bytes }: ReportLayer) => ({
    name: createdBy === "" ? vscode.l10n.t("no description") : createdBy,
    size: formatBytes(bytes),
    share: bytes / most,
  });
  const present = layers.map((layer) => {
    const { bytes, bytesBefore } = layer;
    if (bytesBefore === undefined)
      return { ...drawn(layer), kind: "new", change: vscode.l10n.t("new, was not in the previous image") } as const;
    if (bytes === bytesBefore) return { ...drawn(layer), kind: "same", change: "" } as const;
    const difference = formatBytes(Math.abs(bytes - bytesBefore));
    const change =
      bytes > bytesBefore
        ? vscode.l10n.t("{0} larger than before", difference)
        : vscode.l10n.t("{0} smaller than before", difference);
    return { ...drawn(layer), kind: "changed", change } as const;
  });
  const gone = removed.map(
    (layer) => ({ ...drawn(layer), kind: "removed", change: vscode.l10n.t("no longer in the image") }) as const,
  );
  return { layers: [...present, ...gone].slice(0, mostLayers) };
}

function placeInWords(place: ReportStep["place"]): string {
  if (!place) return "";
  const { file, line, endLine = line } = place;
  return `${basename(file)}:${endLine > line ? `${line}-${endLine}` : line}`;
}

/** Formats a duration that may be too short for tenths of a second. */
function shortDuration(ms: number): string {
  return ms > 0 && ms < 100 ? `${Math.round(ms)}ms` : formatDuration(ms);
}

/** Formats a time on the axis. */
function shortTime(ms: number): string {
  if (ms === 0) return "0";
  if (ms < 1000) return `${ms}ms`;
  return ms < 60_000 ? `${ms / 1000}s` : formatDuration(ms);
}
