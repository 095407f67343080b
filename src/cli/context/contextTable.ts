import { formatBytes } from "../../core/text/format";
import { visible } from "../../core/text/visible";
import { painted } from "../console";
import type { ContextFile, ContextListing } from "./listContext";

/** Formats a listing as a table. */
export function contextTable({ files, secrets, contexts = [] }: ContextListing): string {
  const mounts = secrets.map(
    ({ id, required, line }) => `  ${visible(id)}, line ${line}${required ? ", required" : ""}`,
  );
  return [
    ...linesOf(files, "the build context"),
    ...contexts.flatMap(({ name, files: named }) => ["", ...linesOf(named, `the build context "${visible(name)}"`)]),
    ...(mounts.length > 0 ? ["", "Secrets:", ...mounts] : []),
    "",
  ].join("\n");
}

function linesOf(files: readonly ContextFile[], contextName: string): string[] {
  const requestedFiles = files.filter(({ requested }) => requested);
  const rows = files.map(({ path, sizeBytes, requested }) => {
    const row = `${formatBytes(sizeBytes).padStart(8)}  ${requested ? "requested" : "-        "}  ${visible(path)}`;
    return requested ? row : painted(row, "gray");
  });
  const isWhole = files.length > 1 && requestedFiles.length === files.length;
  const part = isWhole ? "all of them" : amount(requestedFiles);
  return [...rows, ...(rows.length > 0 ? [""] : []), `${amount(files)} in ${contextName}. A build requests ${part}.`];
}

function amount(files: readonly ContextFile[]): string {
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const count = files.length === 1 ? "1 file" : `${files.length.toLocaleString("en-US")} files`;
  return `${count} (${formatBytes(sizeBytes)})`;
}
