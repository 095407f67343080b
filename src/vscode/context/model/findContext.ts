import type { WithMemory } from "../../platform/memory";
import type { WithIgnoreModels } from "./ignoreModels";
import { posix } from "node:path";
import * as vscode from "vscode";
import type { ContextPlace } from "../../platform/contextPlace";
import { listAllowed } from "../../platform/restricted";
import { isDockerfileName } from "../../../core/dockerfile/dockerfileName";
import { isIgnoreFile } from "../../platform/fileKinds";
import { relativePath } from "./relativePath";

/** Maximum number of Dockerfiles of a folder whose ignore files are compared. */
const mostDockerfiles = 200;

/** Services for finding build contexts. */
type Finder = WithIgnoreModels & WithMemory;

/**
 * Finds the build contexts that may contain a file or folder, among the folders above it in the workspace: the nearest
 * one that was built before, otherwise the nearest one with a Dockerfile or an ignore file. Returns several only if
 * their ignore files differ.
 */
export async function findContexts(finder: Finder, uri: vscode.Uri): Promise<ContextPlace[]> {
  const places: ContextPlace[] = [];
  for (const folder of foldersFrom(uri, await isDirectory(uri))) places.push(...(await placesIn(finder, folder)));
  const around = places.filter(({ folder }) => relativePath(folder, uri) !== undefined);
  const chosen = around.find(({ folder }) => builtLast(finder, folder) !== undefined) ?? around[0];
  if (!chosen) return [];
  const same = around.filter(({ folder }) => folder.toString() === chosen.folder.toString());
  const last = builtLast(finder, chosen.folder)?.toString();
  const remembered = same.find(({ dockerfile }) => dockerfile !== undefined && dockerfile.toString() === last);
  return remembered ? [remembered] : differing(finder, same);
}

/** Returns the folder itself, or the folder of a file, and its parents up to the workspace folder. */
function foldersFrom(uri: vscode.Uri, isFolder: boolean): vscode.Uri[] {
  const start = isFolder ? uri : vscode.Uri.joinPath(uri, "..");
  const top = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  const folders = [start];
  for (let at = start; top && relativePath(top, at) && relativePath(top, at) !== "";)
    folders.push((at = vscode.Uri.joinPath(at, "..")));
  return folders;
}

async function placesIn(finder: Finder, folder: vscode.Uri): Promise<ContextPlace[]> {
  const entries = await listAllowed(folder);
  const names = entries.filter(([, type]) => !(type & vscode.FileType.Directory)).map(([name]) => name);
  const dockerfiles = names
    .filter(isDockerfileName)
    .sort((a, b) => Number(b === "Dockerfile") - Number(a === "Dockerfile") || a.localeCompare(b))
    .slice(0, mostDockerfiles);
  const places: ContextPlace[] = dockerfiles.map((name) => {
    const dockerfile = vscode.Uri.joinPath(folder, name);
    return { folder: finder.ignoreModels.contextOf(dockerfile), dockerfile };
  });
  const last = builtLast(finder, folder);
  if (last && !places.some(({ dockerfile }) => dockerfile?.toString() === last.toString()))
    places.push({ folder, dockerfile: last });
  const hasOwn = names.some((name) => name.startsWith(".") && isIgnoreFile(vscode.Uri.joinPath(folder, name)));
  if (hasOwn && !places.some((place) => place.folder.toString() === folder.toString())) places.push({ folder });
  return places;
}

/** Returns the Dockerfile that a folder was last built with. */
function builtLast({ memory }: Finder, folder: vscode.Uri): vscode.Uri | undefined {
  const { dockerfile } = folder.scheme === "file" ? memory.recall(folder.fsPath) : {};
  return dockerfile === undefined ? undefined : vscode.Uri.file(dockerfile);
}

/** Keeps one place for each ignore file. */
async function differing({ ignoreModels }: Finder, places: readonly ContextPlace[]): Promise<ContextPlace[]> {
  const byFile = new Map<string, ContextPlace>();
  for (const place of places) {
    const held = await ignoreModels.ofFolder(place.folder, place.dockerfile);
    if (!byFile.has(held.model.file)) byFile.set(held.model.file, place);
    held.dispose();
  }
  return [...byFile.values()];
}

async function isDirectory(uri: vscode.Uri): Promise<boolean> {
  const type = await Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    ({ type }) => type,
    () => vscode.FileType.File,
  );
  return (type & vscode.FileType.Directory) !== 0;
}

/** Returns the path of a place's Dockerfile relative to its folder, or its base name if it is elsewhere. */
export function dockerfileName({ folder, dockerfile }: ContextPlace): string {
  return dockerfile ? (relativePath(folder, dockerfile) ?? posix.basename(dockerfile.path)) : "Dockerfile";
}
