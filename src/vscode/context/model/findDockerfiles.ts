import { basename, dirname, relative } from "node:path";
import * as vscode from "vscode";
import { dockerfileGlobs, isDockerfileName } from "../../../core/dockerfile/dockerfileName";

const maxDockerfiles = 200;

/** Finds at most 200 Dockerfiles below a folder: the folder's own `Dockerfile` first, then by depth. */
export async function findDockerfiles(folder: string): Promise<string[]> {
  const found = await vscode.workspace.findFiles(
    new vscode.RelativePattern(vscode.Uri.file(folder), `**/{${dockerfileGlobs}}`),
    "**/{node_modules,.git}/**",
    maxDockerfiles,
  );
  return found
    .map((uri) => uri.fsPath)
    .filter((path) => isDockerfileName(basename(path)))
    .map((path) => ({ path, rank: rankOf(folder, path) }))
    .sort((a, b) => a.rank - b.rank || a.path.localeCompare(b.path))
    .map(({ path }) => path);
}

/** Ranks by depth; at the same depth, a plain `Dockerfile` comes first. */
function rankOf(folder: string, path: string): number {
  const depth = relative(folder, dirname(path)).split(/[\\/]/).filter(Boolean).length;
  return 2 * depth + (basename(path) === "Dockerfile" ? 0 : 1);
}
