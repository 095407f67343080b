import * as z from "zod";
import { parseJson } from "../border/parseJson";
import { decodeMessage } from "../transport/message";
import { Status } from "../transport/proto/status.pb";
import type { SourceRange } from "./progress/statusResponse";

/** Lines of a file in which BuildKit locates an error. */
interface ErrorSource {
  readonly filename: string;
  readonly ranges: readonly SourceRange[];
}

/** Details of an error that BuildKit sends in addition to its message. */
export interface ErrorDetails {
  /** Sources in the order of buildx's excerpts. */
  readonly sources: readonly ErrorSource[];
  /** Digest of the failed vertex. */
  readonly vertex?: string;
  /** Exit code of the command that a RUN ran. */
  readonly exitCode?: number;
}

/**
 * Maximum size of details in bytes; longer ones are ignored. Those of real errors contain the Dockerfile once or twice.
 */
const maxBytes = 16 * 2 ** 20;
const maxDetails = 1_000;

const position = z.looseObject({ line: z.int().nullish() }).nullish();
const sourceSchema = z.looseObject({
  info: z.looseObject({ filename: z.string().nullish() }).nullish(),
  ranges: z.array(z.looseObject({ start: position, end: position })).nullish(),
});
const vertexSchema = z.looseObject({ digest: z.string() });
const exitSchema = z.looseObject({ Code: z.int() });

/**
 * Reads the details of a `google.rpc.Status`, each of which BuildKit writes as JSON. Skips what can't be read, because
 * the error's message still says what failed.
 *
 * @see https://github.com/moby/buildkit/blob/master/solver/errdefs/errdefs.proto
 */
export function readErrorDetails(status: Uint8Array | undefined): ErrorDetails {
  const sources: ErrorSource[] = [];
  let vertex: string | undefined;
  let exitCode: number | undefined;
  for (const { type, value } of detailsOf(status ?? new Uint8Array())) {
    if (type === "errdefs.Source") sources.push(...sourceIn(value));
    else if (type === "errdefs.Vertex") vertex ??= vertexSchema.safeParse(value).data?.digest;
    else if (type === "gatewayapi.ExitMessage") exitCode ??= exitSchema.safeParse(value).data?.Code;
  }
  return { sources, vertex, exitCode };
}

interface Detail {
  /** Message type, such as `errdefs.Source`. */
  readonly type: string;
  readonly value: unknown;
}

function detailsOf(status: Uint8Array): Detail[] {
  const details: Detail[] = [];
  if (status.length > maxBytes) return details;
  try {
    for (const { type_url: url, value } of decodeMessage(Status, status).details.slice(0, maxDetails)) {
      const [, type] = /\/([\w.]+)\+json$/.exec(url.slice(0, 200)) ?? [];
      if (type) details.push({ type, value: parseJson(Buffer.from(value).toString("utf8")) });
    }
  } catch {
    // Details before an unreadable one are still used.
  }
  return details;
}

function sourceIn(value: unknown): ErrorSource[] {
  const { info, ranges } = sourceSchema.safeParse(value).data ?? {};
  const lines = (ranges ?? []).map(({ start, end }) => ({ line: start?.line ?? 0, endLine: end?.line ?? 0 }));
  return lines.length > 0 ? [{ filename: info?.filename ?? "", ranges: lines }] : [];
}
