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

/** One line of the daemon's output while it builds, pulls, or pushes. */
export type DaemonMessage = Partial<
  Pick<z.infer<typeof messageSchema>, "id" | "status" | "stream" | "error" | "errorDetail" | "progressDetail" | "aux">
>;

/** Replacement for an error that can't be read, so that the failure is still reported. */
const unreadableError = {
  error: "The daemon reported an unreadable error",
} as const satisfies DaemonMessage;

/** Limit on warnings about unreadable lines. */
const maxWarnings = 3;

/**
 * Reads the lines of a stream. Logs and skips lines that are not messages, because the others still report the outcome.
 */
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

  /** Logs how many lines were skipped without a warning. */
  end(): void {
    const untold = this.#unreadable - maxWarnings;
    if (untold > 0) this.log.warn(`The daemon sent ${untold} more unreadable lines.`);
  }

  #passOver(why: string): undefined {
    if (++this.#unreadable <= maxWarnings) this.log.warn(why);
  }
}

/**
 * Characters that are kept of a failure: a failed command is quoted in full before its exit code, so the end is as
 * important as the beginning.
 */
const [keptStart, keptEnd] = [2_500, 1_000];

/** Returns the text of a message that reports a failure; otherwise undefined. */
export function failureIn({ errorDetail, error }: DaemonMessage): string | undefined {
  const words = errorDetail?.message ?? error;
  return words === undefined ? undefined : failureWords(words);
}

/** Prepares the daemon's description of a failure for a message: shortens it and makes it printable. */
export function failureWords(words: string): string {
  const isLong = words.length > keptStart + keptEnd;
  const told = foreignLines(isLong ? `${words.slice(0, keptStart)} … ${words.slice(-keptEnd)}` : words);
  return told.trim() === "" ? "The daemon gave no reason" : told;
}

/** Returns the image's id or the pushed digest that a message reports, not checked yet. */
export function resultIn({ aux }: DaemonMessage): { readonly ID?: string; readonly Digest?: string } {
  return typeof aux === "object" ? (auxSchema.safeParse(aux).data ?? {}) : {};
}
