import type { BuildReport, ReportStep } from "./reportRecord";

/** Bar of a step; times are in milliseconds since the start of the build. */
export interface Bar {
  /** Index of the step in the report. */
  readonly step: number;
  readonly from: number;
  readonly to: number;
  /** Time that it ran, without pauses. */
  readonly ranMs: number;
  /** Times in which it ran, in order and without overlap. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
  /** Time at which its inputs were ready, if it then waited. */
  readonly readyAt?: number;
}

/** Row of bars that don't overlap. */
interface Lane {
  readonly kind: ReportStep["kind"];
  /** Stage of the bars; empty if they have none. */
  readonly stage: string;
  readonly bars: readonly Bar[];
}

/** Steps of a build on a time axis. */
export interface Timeline {
  readonly totalMs: number;
  /** Lanes in the order in which they start; those of the same stage follow each other. */
  readonly lanes: readonly Lane[];
  /** Indexes of the slowest steps, the slowest first, and the time that each ran. */
  readonly slowest: readonly { readonly step: number; readonly ranMs: number }[];
  /** Times of the axis. */
  readonly ticks: readonly number[];
}

/** Number of slowest steps. */
const mostSlowest = 10;
/** Shortest wait that is shown, in milliseconds: BuildKit takes about as long to look up its cache. */
const shortestWaitMs = 100;

/** Lays out the steps of a build. A running step ends now. */
export function timelineOf({ steps, durationMs }: BuildReport): Timeline {
  const bars = steps.flatMap((step, i) => barOf(step, i, durationMs) ?? []);
  const ends = new Map(bars.map(({ step, to }) => [step, to]));
  const waiting = bars.map((bar) => withWait(bar, steps[bar.step]?.inputs ?? [], ends));
  const totalMs = Math.max(durationMs, 1, ...bars.map(({ to }) => to));
  return { totalMs, lanes: lanesOf(waiting, steps), slowest: slowestOf(bars), ticks: ticksOf(totalMs) };
}

function barOf({ spans }: ReportStep, step: number, nowMs: number): Bar | undefined {
  const merged = mergeSpans(spans.map(({ from, to }) => ({ from, to: Math.max(from, to ?? nowMs) })));
  const [first, last] = [merged[0], merged.at(-1)];
  const ranMs = merged.reduce((sum, { from, to }) => sum + to - from, 0);
  return first && last && { step, from: first.from, to: last.to, ranMs, spans: merged };
}

function mergeSpans(spans: readonly { readonly from: number; readonly to: number }[]): { from: number; to: number }[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** Adds the wait between the end of a step's last input and its start, such as for other steps to make room. */
function withWait(bar: Bar, inputs: readonly number[], ends: ReadonlyMap<number, number>): Bar {
  const known = inputs.flatMap((input) => ends.get(input) ?? []);
  if (known.length === 0) return bar;
  const readyAt = Math.max(...known);
  return bar.from - readyAt >= shortestWaitMs ? { ...bar, readyAt } : bar;
}

/** Places each bar in the first lane of its stage that is free by then. */
function lanesOf(bars: readonly Bar[], steps: readonly ReportStep[]): Lane[] {
  const groups = new Map<string, { readonly kind: ReportStep["kind"]; readonly stage: string; lanes: Bar[][] }>();
  const beginning = (bar: Bar): number => bar.readyAt ?? bar.from;
  for (const bar of [...bars].sort((a, b) => beginning(a) - beginning(b) || a.step - b.step)) {
    const { kind, stage } = steps[bar.step] ?? { kind: "internal", stage: "" };
    const key = `${kind} ${stage}`;
    const group = groups.get(key) ?? { kind, stage, lanes: [] };
    groups.set(key, group);
    const free = group.lanes.find((lane) => (lane.at(-1)?.to ?? 0) <= beginning(bar));
    if (free) free.push(bar);
    else group.lanes.push([bar]);
  }
  return [...groups.values()].flatMap(({ kind, stage, lanes }) => lanes.map((each) => ({ kind, stage, bars: each })));
}

function slowestOf(bars: readonly Bar[]): Timeline["slowest"] {
  return bars
    .map(({ step, ranMs }) => ({ step, ranMs }))
    .filter(({ ranMs }) => ranMs > 0)
    .sort((a, b) => b.ranMs - a.ranMs || a.step - b.step)
    .slice(0, mostSlowest);
}

/** Returns about eight times at a distance of 1, 2, or 5 times a power of ten, or of whole minutes. */
function ticksOf(totalMs: number): number[] {
  const wanted = totalMs / 8;
  const minutes = [15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000];
  const power = 10 ** Math.floor(Math.log10(wanted));
  const small = [power, 2 * power, 5 * power, 10 * power].find((each) => each >= wanted) ?? wanted;
  const long = minutes.find((each) => each >= wanted) ?? Math.ceil(wanted / 3_600_000) * 3_600_000;
  const distance = small > 10_000 ? long : small;
  return Array.from({ length: Math.floor(totalMs / distance) + 1 }, (_, i) => i * distance);
}
