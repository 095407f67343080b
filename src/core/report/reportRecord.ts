import * as z from "zod";
import { parseJson } from "../border/parseJson";

/** Version of the format; records of later versions can't be read. */
const formatVersion = 1;

/** Limits on what is kept of a build. */
export const mostSteps = 1000;
export const mostWarnings = 200;
export const mostLayers = 200;
export const mostInputs = 50;
export const mostTransfers = 20;
export const longestText = 500;
export const longestMessage = 4000;

/** Maximum length of a stored report in characters. */
export const longestReport = 8 * 2 ** 20;

const amount = z.number().nonnegative().max(Number.MAX_SAFE_INTEGER);
/** Milliseconds since the start of the build. */
const time = amount;
const text = z.string().max(longestText);
const lineNumber = z
  .int()
  .positive()
  .max(2 ** 31);
const place = z.object({
  file: z
    .string()
    .max(4096)
    .refine((file) => file !== "" && !file.includes("\0")),
  line: lineNumber,
  endLine: lineNumber.optional(),
});

const stepSchema = z.object({
  /** Number in the log; undefined for a push. */
  number: z.int().positive().optional(),
  name: text,
  kind: z.enum(["instruction", "internal", "push"]),
  /** Name of the stage of an instruction, as the builder reports it; empty for other steps. */
  stage: text,
  /** Times in which it ran; the last has no end while the step runs. */
  spans: z.array(z.object({ from: time, to: time.optional() })).max(20),
  /** A stopped step was running when the build ended. */
  state: z.enum(["running", "done", "cached", "failed", "stopped"]),
  error: z.string().max(longestMessage).optional(),
  transfers: z.array(z.object({ label: text, bytes: amount })).max(mostTransfers),
  /** Bytes of all its transfers. */
  bytes: amount,
  digest: z.string().max(100).optional(),
  /** Indexes of the steps whose results it uses. */
  inputs: z.array(z.int().nonnegative().max(mostSteps)).max(mostInputs),
  place: place.optional(),
  /** Index of its instruction in the inputs of the build. */
  recipe: z.int().nonnegative().optional(),
});

const warningSchema = z.object({
  message: z.string().max(longestMessage),
  detail: z.string().max(longestMessage).optional(),
  place: place.optional(),
});

const layerSchema = z.object({ createdBy: text, bytes: amount });

const reportSchema = z.object({
  version: z.literal(formatVersion),
  /** Duration of the build in milliseconds, so far if it runs. */
  durationMs: amount,
  isRunning: z.boolean(),
  steps: z.array(stepSchema).max(mostSteps),
  /** Number of steps that are not in the list because there are too many. */
  stepsLeftOut: amount,
  /** Files of build contexts whose content was sent; undefined for builders that don't request single files. */
  sent: z.object({ files: amount, bytes: amount }).optional(),
  warnings: z.array(warningSchema).max(mostWarnings),
  /** Layers with content, the first of the image first; undefined if the builder doesn't report them. */
  layers: z.array(layerSchema).max(mostLayers).optional(),
});

/** Steps, layers, and warnings of a build. */
export type BuildReport = Readonly<Omit<z.infer<typeof reportSchema>, "version">>;

/** Step of a report. */
export type ReportStep = Readonly<z.infer<typeof stepSchema>>;

/** Layer of a report. */
export type ReportLayer = Readonly<z.infer<typeof layerSchema>>;

/** Converts a report to the text of its file. Throws if it is longer than `longestReport`. */
export function reportText(report: BuildReport): string {
  const content = JSON.stringify({ version: formatVersion, ...report });
  if (content.length > longestReport) throw new Error(`The report is longer than ${longestReport} characters`);
  return content;
}

/** Parses the text of a file; returns undefined if it is not a report of this version. */
export function parseReport(content: string): BuildReport | undefined {
  const parsed = reportSchema.safeParse(parseJson(content, { maxDepth: 8, maxValues: 200_000 }));
  if (!parsed.success) return undefined;
  const { steps } = parsed.data;
  const isKnown = (input: number): boolean => input < steps.length;
  return { ...parsed.data, steps: steps.map((step) => ({ ...step, inputs: step.inputs.filter(isKnown) })) };
}
