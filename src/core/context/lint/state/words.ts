import type { SentChange } from "./finding";

/** Formats a count, as in `1 file` or `1,204 files`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? singular : plural}`;
}

/** Formats a size in decimal units (1 kB is 1,000 bytes), in the unit that keeps the number below 1,000. */
export function sizeOf(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  while (size >= 999.5 && units.length > 1) {
    size /= 1000;
    units.shift();
  }
  return `${units[0] === "B" || size >= 10 ? Math.round(size) : size.toFixed(1)} ${units[0]}`;
}

/** Formats an amount, as in `1,204 files, 340 MB`; folders are counted only without files. */
export function amountOf({ files, folders, bytes }: Pick<SentChange, "files" | "folders" | "bytes">): string {
  const counts = [
    files > 0 ? countOf(files, "file") : "",
    folders > 0 && files === 0 ? countOf(folders, "folder") : "",
    bytes > 0 ? sizeOf(bytes) : "",
  ];
  return counts.filter(Boolean).join(", ") || "nothing";
}

/** Formats up to three examples, as in `"a", "b" and 3 more`. */
export function examplesOf(paths: readonly string[], total = paths.length): string {
  const shown = paths.slice(0, 3).map((path) => `"${path}"`);
  const more = total - shown.length;
  return [shown.join(", "), more > 0 ? ` and ${more.toLocaleString("en-US")} more` : ""].join("");
}
