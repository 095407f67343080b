import type { BuildResult } from "../../core/jobs/buildAndPush";
import { formatDuration } from "../../core/text/format";

/** What a build made, as JSON. */
export function resultJson({ imageName, repoDigest, imageId, durationMs }: BuildResult): string {
  return `${JSON.stringify({ imageName, repoDigest, imageId, durationMs: Math.round(durationMs) })}\n`;
}

/** What a build made, for people. */
export function resultText({ imageName, repoDigest, imageId, durationMs }: BuildResult): string {
  const rows = [
    ["image", imageName],
    ["image ID", imageId],
    ["digest", repoDigest],
    ["time", formatDuration(durationMs)],
  ] as const;
  return rows.map(([label, value]) => (value === undefined ? "" : `${label.padEnd(9)} ${value}\n`)).join("");
}
