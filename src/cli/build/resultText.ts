import type { BuildResult } from "../../core/jobs/buildAndPush";
import { formatDuration } from "../../core/text/format";

/** Formats the result of a build as a line of JSON. */
export function resultJson({ imageName, repoDigest, imageId, durationMs }: BuildResult): string {
  return `${JSON.stringify({ imageName, repoDigest, imageId, durationMs: Math.round(durationMs) })}\n`;
}

/** Formats the result of a build as a table. */
export function resultText({ imageName, repoDigest, imageId, durationMs }: BuildResult): string {
  const rows = [
    ["image", imageName],
    ["image ID", imageId],
    ["digest", repoDigest],
    ["time", formatDuration(durationMs)],
  ] as const;
  return rows.map(([label, value]) => (value === undefined ? "" : `${label.padEnd(9)} ${value}\n`)).join("");
}
