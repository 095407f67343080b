import * as z from "zod";
import type { ErrorLocation } from "../base/errors";
import { readAnswer } from "../border/readAnswer";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { parseDockerfile } from "../dockerfile/parseDockerfile";
import { refusedBaseImage } from "./baseImageRefusal";
import { networkRemedy } from "./daemonNetwork";
import { placeInDockerfile } from "./dockerfilePlace";

/** Finding of BuildKit's checks in a Dockerfile. */
export interface DockerfileFinding {
  readonly severity: "warning" | "error";
  /** Name of the check; undefined for an error, such as that of an unknown instruction. */
  readonly rule?: string;
  readonly message: string;
  /** Explains the check. */
  readonly description?: string;
  /** Page that explains the check, as BuildKit reports it; not checked. */
  readonly url?: string;
  readonly location: ErrorLocation;
  /** Whether a registry could not be reached or refused a base image, which is not a fault of the Dockerfile's text. */
  readonly isOfRegistry?: true;
}

/** Limits on a result: a real one has some kilobytes, and contains the Dockerfile in base64. */
const longestResult = 4 * 2 ** 20;
const mostFindings = 200;

const position = z.looseObject({ line: z.int().nullish() }).nullish();
const locationSchema = z
  .looseObject({
    sourceIndex: z.int().nullish(),
    ranges: z.array(z.looseObject({ start: position, end: position })).nullish(),
  })
  .nullish();
const warningSchema = z.looseObject({
  ruleName: z.string(),
  description: z.string().nullish(),
  url: z.string().nullish(),
  detail: z.string().nullish(),
  location: locationSchema,
});
const resultSchema = z.looseObject({
  warnings: z.array(warningSchema).nullish(),
  sources: z.array(z.looseObject({ filename: z.string().nullish() })).nullish(),
  buildError: z.looseObject({ message: z.string(), location: locationSchema }).nullish(),
});
type ReportedLocation = z.infer<typeof locationSchema>;

/**
 * Reads the `result.json` of `frontend.lint`. What it reports without a line is shown at the first one.
 *
 * @param who sender, as the beginning of a sentence
 * @throws ImageBuilderError `daemonFailed`
 * @see https://github.com/moby/buildkit/blob/master/frontend/subrequests/lint/lint.go
 */
export function readCheckResult(bytes: Uint8Array, dockerfile: DockerfileSource, who: string): DockerfileFinding[] {
  const { warnings, sources, buildError } = readAnswer(bytes.length > longestResult ? "" : Buffer.from(bytes), {
    schema: resultSchema,
    who,
    what: "result of its checks",
    code: "daemonFailed",
    remedy: "check that it is working",
  });
  const place = (location: ReportedLocation): ErrorLocation => {
    const filename = sources?.[location?.sourceIndex ?? 0]?.filename ?? "";
    const ranges = (location?.ranges ?? []).map(({ start, end }) => ({
      line: start?.line ?? 0,
      endLine: end?.line ?? 0,
    }));
    return placeInDockerfile(dockerfile, filename, ranges) ?? { file: dockerfile.file, line: 1, endLine: 1 };
  };
  const findings: DockerfileFinding[] = (warnings ?? [])
    .slice(0, mostFindings)
    .map(({ ruleName, description, url, detail, location }) => ({
      severity: "warning",
      rule: ruleName,
      message: detail || description || ruleName,
      ...(description && { description }),
      ...(url && { url }),
      location: place(location),
    }));
  if (buildError) {
    const { message, location } = buildError;
    const found = place(location);
    const isOfRegistry = isRegistryFailure(message, found, dockerfile);
    findings.push({ severity: "error", message, location: found, ...(isOfRegistry && { isOfRegistry }) });
  }
  return findings;
}

/** Whether an error is that of requesting an image, as opposed to a fault in the Dockerfile. */
function isRegistryFailure(message: string, { line }: ErrorLocation, { text }: DockerfileSource): boolean {
  const instruction = parseDockerfile(text)?.instructions.find((each) => each.line === line);
  if (instruction?.keyword !== "FROM" && instruction?.keyword !== "COPY") return false;
  return refusedBaseImage(undefined, message) !== undefined || networkRemedy(message) !== undefined;
}
