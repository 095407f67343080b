import * as z from "zod";
import { foreignLines, foreignWords } from "../border/foreignWords";
import { parseJson } from "../border/parseJson";
import type { Log } from "../base/log";

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);

const messageSchema = z.looseObject({
  id: text,
  status: text,
  stream: text,
  error: text,
  errorDetail: z
    .looseObject({ message: text, code: number })
    .nullish()
    .transform((value) => value ?? undefined),
  progressDetail: z
    .looseObject({ current: number, total: number })
    .nullish()
    .transform((value) => value ?? undefined),
  aux: z.unknown().optional(),
});

const auxSchema = z.looseObject({ ID: text, Digest: text });

/** One line of what the daemon streams while it builds, pulls or pushes. */
export type DaemonMessage = Partial<
  Pick<z.infer<typeof messageSchema>, "id" | "status" | "stream" | "error" | "errorDetail" | "progressDetail" | "aux">
>;

/** What is wrong with an error that cannot be read: a failure must stay one. */
const unreadableError = {
  error: "The daemon reported an unreadable error",
} as const satisfies DaemonMessage;

/** Limits the warnings about lines that cannot be read. */
const maxWarnings = 3;

/** Reads a stream's lines. Logs and skips a line that is no message, since the others still tell how it went. */
export class MessageReader {
  #unreadable = 0;

  constructor(private readonly log: Log) {}

  read(line: string): DaemonMessage | undefined {
    if (line.trim() === "") return undefined;
    const value = parseJson(line);
    if (value === undefined)
      return this.#passOver(`The daemon sent a line that is not JSON: ${foreignWords(line, 200)}`);
    const checked = messageSchema.safeParse(value);
    if (checked.success) return checked.data;
    if (typeof value === "object" && value !== null && ("error" in value || "errorDetail" in value))
      return unreadableError;
    return this.#passOver("The daemon sent a line that is not a build, push or pull message.");
  }

  /** Logs how many lines were skipped without a warning of their own. */
  end(): void {
    const untold = this.#unreadable - maxWarnings;
    if (untold > 0) this.log.warn(`The daemon sent ${untold} more unreadable lines.`);
  }

  #passOver(why: string): undefined {
    if (++this.#unreadable <= maxWarnings) this.log.warn(why);
  }
}

/** A failed command is quoted whole before its exit code, so the end counts as much as the beginning. */
const [keptStart, keptEnd] = [2_500, 1_000];

/** Returns the text of a message that reports a failure, else undefined. */
export function failureIn({ errorDetail, error }: DaemonMessage): string | undefined {
  const words = errorDetail?.message ?? error;
  return words === undefined ? undefined : failureWords(words);
}

/** Makes what a daemon says of a failure fit for a message. */
export function failureWords(words: string): string {
  const isLong = words.length > keptStart + keptEnd;
  const told = foreignLines(isLong ? `${words.slice(0, keptStart)} … ${words.slice(-keptEnd)}` : words);
  return told.trim() === "" ? "The daemon gave no reason" : told;
}

/** Returns the image's id or the pushed digest that a message reports, not checked yet. */
export function resultIn({ aux }: DaemonMessage): { readonly ID?: string; readonly Digest?: string } {
  return typeof aux === "object" ? (auxSchema.safeParse(aux).data ?? {}) : {};
}
