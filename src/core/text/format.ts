const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** Formats a size in decimal units, as Docker does, such as `12.3 MB`. */
export function formatBytes(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Formats a duration, such as `0.4s`, `1m 05s`, or `2h 01m`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, "0")}s`;
  return `${Math.floor(seconds / 3600)}h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")}m`;
}

/** Shortens a digest to the algorithm and twelve digits, as Docker does. */
export function shortDigest(digest: string): string {
  return digest.replace(/^(\w+:\w{12}).*$/, "$1");
}
