import type { SentChange } from "./finding";

/** `1 file`, `1,204 files`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? singular : plural}`;
}

/** In the unit that leaves a number below 1,000; units of 1,000 bytes, as disks are sold. */
export function sizeOf(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  while (size >= 999.5 && units.length > 1) {
    size /= 1000;
    units.shift();
  }
  return `${units[0] === "B" || size >= 10 ? Math.round(size) : size.toFixed(1)} ${units[0]}`;
}

/** `1,204 files, 340 MB`. */
export function amountOf({ files, folders, bytes }: Pick<SentChange, "files" | "folders" | "bytes">): string {
  const counts = [
    files > 0 ? countOf(files, "file") : "",
    folders > 0 && files === 0 ? countOf(folders, "folder") : "",
    bytes > 0 ? sizeOf(bytes) : "",
  ];
  return counts.filter(Boolean).join(", ") || "nothing";
}

/** `"a", "b" and 3 more`. */
export function examplesOf(paths: readonly string[], total = paths.length): string {
  const shown = paths.slice(0, 3).map((path) => `"${path}"`);
  const more = total - shown.length;
  return [shown.join(", "), more > 0 ? ` and ${more.toLocaleString("en-US")} more` : ""].join("");
}
