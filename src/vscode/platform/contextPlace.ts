import { posix } from "node:path";
import * as vscode from "vscode";

/** A build context, and the Dockerfile whose builds it is looked at for; default is the folder's `Dockerfile`. */
export interface ContextPlace {
  readonly folder: vscode.Uri;
  readonly dockerfile?: vscode.Uri;
}

/** A place as it is kept between sessions. */
export interface PlaceRecord {
  readonly folder: string;
  readonly dockerfile?: string;
}

/** The text that stands for a place. */
export function keyOf(place: ContextPlace): string {
  return JSON.stringify(recordOf(place));
}

/** What people call a place. */
export function nameOf({ folder }: ContextPlace): string {
  return vscode.workspace.getWorkspaceFolder(folder)?.uri.toString() === folder.toString()
    ? (vscode.workspace.getWorkspaceFolder(folder)?.name ?? posix.basename(folder.path))
    : posix.basename(folder.path);
}

export function recordOf({ folder, dockerfile }: ContextPlace): PlaceRecord {
  return { folder: folder.toString(), ...(dockerfile && { dockerfile: dockerfile.toString() }) };
}

/** The place that a record stands for; nothing for what is none. */
export function placeOf(record: unknown): ContextPlace | undefined {
  if (typeof record !== "object" || record === null || !("folder" in record) || typeof record.folder !== "string")
    return undefined;
  const dockerfile =
    "dockerfile" in record && typeof record.dockerfile === "string" ? vscode.Uri.parse(record.dockerfile) : undefined;
  return { folder: vscode.Uri.parse(record.folder), dockerfile };
}
