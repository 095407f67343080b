import { relative } from "node:path";
import { statSync } from "node:fs";
import * as vscode from "vscode";
import type { ExtraFile } from "../../../core/context/files/extraFiles";
import { formatAmount } from "../../ui/amounts";
import { formatBytes } from "../../../core/text/format";

/**
 * Lists what a build would send, one line with size and path per file, largest first. If the source path of a file
 * differs, it is appended.
 */
export function contextText(files: ReadonlyMap<string, ExtraFile>, root: string | undefined): string {
  const rows = [...files]
    .map(([path, file]) => ({ path, file, bytes: bytesOf(file) }))
    .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  const total = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  const sizes = rows.map(({ bytes }) => formatBytes(bytes));
  const width = Math.max(0, ...sizes.map(({ length }) => length));
  const lines = rows.map(
    ({ path, file }, i) => `${(sizes[i] ?? "").padStart(width)}  ${path}${originOf(path, file, root)}`,
  );
  const amount = formatAmount({ files: rows.length, bytes: total });
  const title = `# ${vscode.l10n.t("A build sends the Dockerfile and {0}:", amount)}`;
  return [title, ...lines].map((line) => `${line}\n`).join("");
}

function originOf(path: string, file: ExtraFile, root: string | undefined): string {
  if ("content" in file) return "";
  const origin = root === undefined ? file.path : relative(root, file.path).replaceAll("\\", "/");
  return origin === path ? "" : `  ← ${origin}`;
}

/** Returns the size in bytes; 0 if the file has been deleted since it was listed. */
function bytesOf(file: ExtraFile): number {
  if ("content" in file) return file.content.length;
  return statSync(file.path, { throwIfNoEntry: false })?.size ?? 0;
}
