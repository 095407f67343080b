import { posix } from "node:path";
import * as vscode from "vscode";
import type { GitIgnoreFile, GitIgnoreFiles } from "../../../core/context/gitignore/gitIgnored";
import { readAllowed } from "../../platform/restricted";
import { relativePath } from "./relativePath";

/**
 * Reads the Git ignore patterns that apply to a folder: the repository's exclude file and each `.gitignore` from the
 * repository's root down to the folder. Returns undefined outside a repository.
 */
export async function gitIgnoreFiles(folder: vscode.Uri): Promise<GitIgnoreFiles | undefined> {
  const root = await repositoryOf(folder);
  if (!root) return undefined;
  const context = relativePath(root, folder) ?? "";
  const folders =
    context === "" ? [""] : ["", ...context.split("/").map((_, index, names) => names.slice(0, index + 1).join("/"))];
  const own = await Promise.all(folders.map((each) => ignoreFileIn(root, each)));
  const exclude = await excludeFileOf(root);
  const above = [exclude, ...own].filter((file) => file !== undefined);
  return { context, above, read: (path) => readText(vscode.Uri.joinPath(folder, path, ".gitignore")) };
}

async function ignoreFileIn(root: vscode.Uri, folder: string): Promise<GitIgnoreFile | undefined> {
  const text = await readText(vscode.Uri.joinPath(root, folder, ".gitignore"));
  return text === undefined ? undefined : { name: posix.join(folder, ".gitignore"), folder, text };
}

/**
 * In a worktree or submodule, `.git` is a file with the path of the Git folder, which may share its patterns with other
 * worktrees.
 */
async function excludeFileOf(root: vscode.Uri): Promise<GitIgnoreFile | undefined> {
  const link =
    /^gitdir: (.*)$/m.exec((await readText(vscode.Uri.joinPath(root, ".git"))) ?? "")?.[1]?.trim() || undefined;
  const git = link === undefined ? vscode.Uri.joinPath(root, ".git") : await resolve(root, link);
  const common = git && (await readText(vscode.Uri.joinPath(git, "commondir")))?.trim();
  const folder = git && common ? await resolve(git, common) : git;
  const text = folder && (await readText(vscode.Uri.joinPath(folder, "info/exclude")));
  return text === undefined ? undefined : { name: ".git/info/exclude", folder: "", text };
}

async function resolve(base: vscode.Uri, written: string): Promise<vscode.Uri | undefined> {
  const { gitPath } = await import("../../../core/context/gitignore/gitPath");
  const isWindows = process.platform === "win32" && base.scheme === "file";
  const path = gitPath(base.path, written, isWindows);
  if (path === undefined) return undefined;
  // A drive is of this machine, be the folder itself on another one.
  return isWindows && /^\/[A-Za-z]:/.test(path) ? vscode.Uri.file(path) : base.with({ path });
}

/** Returns the nearest folder, upward from this one, that contains `.git`. */
async function repositoryOf(folder: vscode.Uri): Promise<vscode.Uri | undefined> {
  for (let at = folder; ; at = vscode.Uri.joinPath(at, "..")) {
    const isRoot = await Promise.resolve(vscode.workspace.fs.stat(vscode.Uri.joinPath(at, ".git"))).then(
      () => true,
      () => false,
    );
    if (isRoot) return at;
    if (posix.dirname(at.path) === at.path) return undefined;
  }
}

async function readText(uri: vscode.Uri): Promise<string | undefined> {
  return readAllowed(uri).then(
    (bytes) => Buffer.from(bytes).toString("utf8"),
    () => undefined,
  );
}
