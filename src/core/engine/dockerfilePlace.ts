import type { ErrorLocation } from "../base/errors";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import type { SourceRange } from "./progress/statusResponse";

/**
 * Returns the lines of the build's Dockerfile that BuildKit reports, as buildx marks them: from the first line of all
 * ranges to the last.
 *
 * @returns undefined for another file, and for lines that the Dockerfile doesn't have
 */
export function placeInDockerfile(
  { file, name, text }: DockerfileSource,
  filename: string,
  ranges: readonly SourceRange[],
): ErrorLocation | undefined {
  if (filename !== name || ranges.length === 0) return undefined;
  const lineCount = text.split("\n").length;
  const line = ranges.reduce((first, range) => Math.min(first, range.line), Infinity);
  const endLine = ranges.reduce((last, range) => Math.max(last, range.line, range.endLine), 0);
  return line >= 1 && line <= lineCount ? { file, line, endLine: Math.min(endLine, lineCount) } : undefined;
}
