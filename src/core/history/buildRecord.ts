import * as z from "zod";
import { isDigest } from "../base/digest";
import { imageNameProblem } from "../base/imageReference";
import { parseJson } from "../border/parseJson";
import { isBuildId } from "./buildId";

/** Version of the format; records of later versions are left alone. */
const formatVersion = 1;

/** Maximum length of a stored record in characters. */
export const longestRecord = 256 * 1024;
/** Maximum length of a failure's message in characters. */
const longestMessage = 20_000;

const line = z.string().max(4096);
/** Paths are passed to the file system, where a null character is an error. */
const path = line.refine((text) => text !== "" && !text.includes("\0"));
const amount = z.number().nonnegative();
const digest = z.string().refine(isDigest);
const time = z.int().nonnegative().max(8.64e15);
const place = z
  .int()
  .positive()
  .max(2 ** 31);

const answersSchema = z.object({
  folder: path,
  dockerfile: path,
  imageName: z.string().max(longestMessage),
  builder: line,
  registry: line.optional(),
  spec: path.optional(),
  calledBy: line.optional(),
  /** `checkBuildOptions` checks them before a build uses them. */
  options: z.record(z.string(), z.unknown()),
});

const resultSchema = z.object({
  imageName: line,
  repoDigest: line.refine((text) => isDigest(text.split("@")[1]) && imageNameProblem(text) === undefined).optional(),
  imageId: digest.optional(),
  durationMs: amount,
  exists: z.boolean().optional(),
  sizeBytes: amount.optional(),
  warnings: z.array(z.string().max(longestMessage)).max(1000).optional(),
});

const failureSchema = z.object({
  message: z.string().max(longestMessage),
  /** Code of an `ImageBuilderError`; undefined for other errors. */
  code: line.optional(),
  location: z.object({ file: path, line: place, endLine: place.optional(), column: place.optional() }).optional(),
});

const recordSchema = z.object({
  version: z.literal(formatVersion),
  id: z.string().refine(isBuildId),
  /** Whether the build only pushes an image that the daemon has. */
  kind: z.enum(["build", "push"]),
  state: z.enum(["running", "done", "failed", "cancelled", "interrupted"]),
  /** In milliseconds since 1970, as is `endedAt`. */
  startedAt: time,
  endedAt: time.optional(),
  imageNames: z.array(line).min(1).max(1000),
  answers: answersSchema,
  /** Names of the build arguments whose values were not stored. */
  omittedArgs: z.array(line).max(1000).optional(),
  result: resultSchema.optional(),
  failure: failureSchema.optional(),
  /** ID of the image, once the daemon has built it. */
  builtImageId: digest.optional(),
  /** Process that runs the build. */
  owner: z.object({ pid: z.int().positive(), host: line }),
});

/** Build as it is stored. */
export type BuildRecord = Readonly<Omit<z.infer<typeof recordSchema>, "version">>;

/** Failure as it is stored. */
export type FailureRecord = Readonly<z.infer<typeof failureSchema>>;

/** Converts a record to the text of its file. Throws if it is longer than `longestRecord`. */
export function recordText(record: BuildRecord): string {
  const { failure } = record;
  const text = JSON.stringify({
    version: formatVersion,
    ...record,
    ...(failure && { failure: { ...failure, message: failure.message.slice(0, longestMessage) } }),
  });
  if (text.length > longestRecord) throw new Error(`The build's options are longer than ${longestRecord} characters`);
  return text;
}

/**
 * Parses the text of a file.
 *
 * @returns "later" for the format of a later version; undefined if it is not a record
 */
export function parseRecord(text: string): BuildRecord | "later" | undefined {
  const value = parseJson(text, { maxDepth: 16, maxValues: 20_000 });
  if (isLater(value)) return "later";
  const parsed = recordSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

function isLater(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "version" in value &&
    typeof value.version === "number" &&
    value.version > formatVersion
  );
}
