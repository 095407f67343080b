import { buildAndPush, type BuildRequest, type Core } from "../../../src/core/jobs/buildAndPush";
import { ImageBuilderError, messageOf } from "../../../src/core/base/errors";
import { coreOn, credentialsFor, engineAt } from "../engine";
import { recordingOperation } from "../operation";
import { figures, type Figures } from "./figures";

/** A build, and what it is cancelled after, in milliseconds. */
export interface SoakJob {
  readonly dockerHost: string;
  readonly logins: Parameters<typeof credentialsFor>[0];
  readonly request: BuildRequest;
  readonly cancelAfterMs?: number;
}

/** How a job ended; `code` is missing where the failure was none of ours. */
export type SoakOutcome =
  | { readonly kind: "built"; readonly digest?: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly code?: string; readonly message: string };

/** What the process holds, and what was thrown past every job since it began. */
export interface SoakFigures extends Figures {
  readonly escaped: readonly string[];
}

/** A question to the process and its answer, with the same number. */
export type SoakCall = { readonly id: number } & ({ readonly job: SoakJob } | { readonly measure: true });
export type SoakAnswer = { readonly id: number } & (
  { readonly outcome: SoakOutcome } | { readonly figures: SoakFigures }
);

const cores = new Map<string, Core>();
const escaped: string[] = [];

async function outcomeOf({ dockerHost, logins, request, cancelAfterMs }: SoakJob): Promise<SoakOutcome> {
  const core = cores.get(dockerHost) ?? coreOn(engineAt(dockerHost), credentialsFor(logins));
  cores.set(dockerHost, core);
  const cancelling = new AbortController();
  const cancelled = new Error("cancelled");
  const timer = cancelAfterMs === undefined ? undefined : setTimeout(() => cancelling.abort(cancelled), cancelAfterMs);
  try {
    const { digest } = await buildAndPush(request, core, recordingOperation(cancelling.signal));
    return { kind: "built", digest };
  } catch (error) {
    if (error === cancelled) return { kind: "cancelled" };
    return { kind: "failed", message: messageOf(error), ...(ImageBuilderError.is(error) && { code: error.code }) };
  } finally {
    clearTimeout(timer);
  }
}

async function answerTo(call: SoakCall): Promise<SoakAnswer> {
  if ("measure" in call) return { id: call.id, figures: { ...(await figures()), escaped } };
  return { id: call.id, outcome: await outcomeOf(call.job) };
}

for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (error: unknown) => void escaped.push(`${event}: ${messageOf(error)}`));
process.on("message", (call: SoakCall) => void answerTo(call).then((answer) => process.send?.(answer)));
process.on("disconnect", () => process.exit());
process.send?.("ready");
