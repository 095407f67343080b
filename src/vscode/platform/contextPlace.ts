import { posix } from "node:path";
import * as vscode from "vscode";

/** Build context, and the Dockerfile whose ignore file applies; default is the folder's `Dockerfile`. */
export interface ContextPlace {
  readonly folder: vscode.Uri;
  readonly dockerfile?: vscode.Uri;
}

/** Serialized place, which is stored between sessions. */
export interface PlaceRecord {
  readonly folder: string;
  readonly dockerfile?: string;
}

/** Returns a text that identifies a place. */
export function keyOf(place: ContextPlace): string {
  return JSON.stringify(recordOf(place));
}

/** Returns the display name of a place: the name of the workspace folder, otherwise the folder's base name. */
export function nameOf({ folder }: ContextPlace): string {
  return vscode.workspace.getWorkspaceFolder(folder)?.uri.toString() === folder.toString()
    ? (vscode.workspace.getWorkspaceFolder(folder)?.name ?? posix.basename(folder.path))
    : posix.basename(folder.path);
}

export function recordOf({ folder, dockerfile }: ContextPlace): PlaceRecord {
  return { folder: folder.toString(), ...(dockerfile && { dockerfile: dockerfile.toString() }) };
}

/** Parses a serialized place; returns undefined if it is invalid. */
export function placeOf(record: unknown): ContextPlace | undefined {
  if (typeof record !== "object" || record === null || !("folder" in record) || typeof record.folder !== "string")
    return undefined;
  const dockerfile =
    "dockerfile" in record && typeof record.dockerfile === "string" ? vscode.Uri.parse(record.dockerfile) : undefined;
  return { folder: vscode.Uri.parse(record.folder), dockerfile };
}
