import * as z from "zod";
import { parseJson } from "../../border/parseJson";

const texts = z.array(z.string());
const names = z.record(z.string(), z.unknown()).transform((map) => Object.keys(map));
const count = z.int();
const healthcheckSchema = z.object({
  Test: texts.nullish(),
  Interval: count.nullish(),
  Timeout: count.nullish(),
  StartPeriod: count.nullish(),
  StartInterval: count.nullish(),
  Retries: count.nullish(),
});
const historySchema = z.object({
  created: z.string().nullish(),
  created_by: z.string().nullish(),
  author: z.string().nullish(),
  comment: z.string().nullish(),
  empty_layer: z.boolean().nullish(),
});
const settingsSchema = z.object({
  User: z.string().nullish(),
  ExposedPorts: names.nullish(),
  Env: texts.nullish(),
  Entrypoint: texts.nullish(),
  Cmd: texts.nullish(),
  Volumes: names.nullish(),
  WorkingDir: z.string().nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  StopSignal: z.string().nullish(),
  ArgsEscaped: z.boolean().nullish(),
  Healthcheck: healthcheckSchema.nullish(),
  OnBuild: texts.nullish(),
  Shell: texts.nullish(),
});
const configSchema = z.object({
  created: z.string().nullish(),
  author: z.string().nullish(),
  os: z.string().nullish(),
  architecture: z.string().nullish(),
  variant: z.string().nullish(),
  "os.version": z.string().nullish(),
  "os.features": texts.nullish(),
  config: settingsSchema.nullish(),
  rootfs: z.object({ diff_ids: texts.nullish() }).nullish(),
  history: z.array(historySchema).nullish(),
});

/** Health check of a container; times in nanoseconds. */
export type Healthcheck = z.infer<typeof healthcheckSchema>;

/** A step of an image's history. */
export interface HistoryStep {
  readonly created?: string;
  readonly createdBy?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly isEmpty: boolean;
}

/**
 * Configuration of an image for engines, with the fields that BuildKit keeps; others are dropped.
 *
 * Stages on top of one share its labels, ports and volumes, as BuildKit's do: what one of them adds, all have.
 */
export interface ImageState {
  author?: string;
  os: string;
  architecture: string;
  variant?: string;
  osVersion?: string;
  osFeatures?: readonly string[];
  user?: string;
  exposedPorts?: Set<string>;
  env: readonly string[];
  entrypoint?: readonly string[];
  cmd?: readonly string[];
  volumes?: Set<string>;
  workingDir?: string;
  labels?: Map<string, string>;
  stopSignal?: string;
  argsEscaped?: boolean;
  healthcheck?: Healthcheck;
  onBuild: readonly string[];
  shell?: readonly string[];
  /** Of the unpacked layers, the lowest first. */
  diffIds: readonly string[];
  history: readonly HistoryStep[];
  /** Creation time of the base. */
  created?: string;
}

/** The variable that images have where nobody sets it. */
export const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Reads an image's configuration; undefined for what is none. */
export function readImageState(body: Buffer): ImageState | undefined {
  const parsed = configSchema.safeParse(parseJson(body.toString("utf8"))).data;
  if (!parsed) return undefined;
  const config = parsed.config ?? {};
  return {
    author: parsed.author ?? undefined,
    os: parsed.os ?? "",
    architecture: parsed.architecture ?? "",
    variant: parsed.variant ?? undefined,
    osVersion: parsed["os.version"] ?? undefined,
    osFeatures: parsed["os.features"] ?? undefined,
    user: config.User ?? undefined,
    exposedPorts: config.ExposedPorts ? new Set(config.ExposedPorts) : undefined,
    env: config.Env ?? [],
    entrypoint: config.Entrypoint ?? undefined,
    cmd: config.Cmd ?? undefined,
    volumes: config.Volumes ? new Set(config.Volumes) : undefined,
    workingDir: config.WorkingDir ?? undefined,
    labels: config.Labels ? new Map(Object.entries(config.Labels)) : undefined,
    stopSignal: config.StopSignal ?? undefined,
    argsEscaped: config.ArgsEscaped ?? undefined,
    healthcheck: config.Healthcheck ?? undefined,
    onBuild: config.OnBuild ?? [],
    shell: config.Shell ?? undefined,
    diffIds: parsed.rootfs?.diff_ids ?? [],
    history: (parsed.history ?? []).map((step) => ({
      created: step.created ?? undefined,
      createdBy: step.created_by ?? undefined,
      author: step.author ?? undefined,
      comment: step.comment ?? undefined,
      isEmpty: step.empty_layer ?? false,
    })),
    created: parsed.created ?? undefined,
  };
}

/** Copies a state with its own labels, ports, and volumes. */
export function ownState(state: ImageState): ImageState {
  const { labels, exposedPorts, volumes } = state;
  return {
    ...state,
    labels: labels && new Map(labels),
    exposedPorts: exposedPorts && new Set(exposedPorts),
    volumes: volumes && new Set(volumes),
  };
}

/** Returns the state of `FROM scratch`. */
export function emptyState(os: string, architecture: string, variant?: string): ImageState {
  return {
    os,
    architecture,
    variant: variant || undefined,
    workingDir: "/",
    env: [defaultPath],
    onBuild: [],
    diffIds: [],
    history: [],
  };
}

/** Writes an image's configuration: what is empty is left out, and names are in order. */
export function writeImageState(state: ImageState, created: string): Buffer {
  const set = (list: ReadonlySet<string> = new Set()) =>
    list.size === 0 ? undefined : Object.fromEntries([...list].sort().map((name) => [name, {}]));
  const listed = <T>(list: readonly T[] | undefined) => (list && list.length > 0 ? list : undefined);
  const labels = [...(state.labels ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  const value = {
    architecture: state.architecture,
    author: state.author || undefined,
    config: {
      User: state.user || undefined,
      ExposedPorts: set(state.exposedPorts),
      Env: listed(state.env),
      Entrypoint: listed(state.entrypoint),
      Cmd: listed(state.cmd),
      Volumes: set(state.volumes),
      WorkingDir: state.workingDir || undefined,
      Labels: labels.length > 0 ? Object.fromEntries(labels) : undefined,
      StopSignal: state.stopSignal || undefined,
      ArgsEscaped: state.argsEscaped || undefined,
      Healthcheck: state.healthcheck && withoutZeros(state.healthcheck),
      OnBuild: listed(state.onBuild),
      Shell: listed(state.shell),
    },
    created,
    history: state.history.map(({ created: time, createdBy, author, comment, isEmpty }) => ({
      created: time,
      created_by: createdBy || undefined,
      author: author || undefined,
      comment: comment || undefined,
      empty_layer: isEmpty || undefined,
    })),
    os: state.os,
    "os.features": listed(state.osFeatures),
    "os.version": state.osVersion || undefined,
    rootfs: { type: "layers", diff_ids: state.diffIds },
    variant: state.variant || undefined,
  };
  return Buffer.from(JSON.stringify(value));
}

function withoutZeros({ Test, ...numbers }: Healthcheck): Healthcheck {
  const kept = Object.entries(numbers).filter(([, value]) => value);
  return { ...(Test && Test.length > 0 && { Test }), ...Object.fromEntries(kept) };
}
