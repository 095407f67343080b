import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import { isRecord } from "../../core/base/isRecord";
import { pathWithin } from "../../core/base/pathWithin";
import { folderPaths } from "../platform/restricted";
import { refuseForeignPaths } from "../platform/refuseForeignPaths";

/** In characters. Links in a path are resolved folder by folder, and no system has longer paths. */
const longestPath = 4_096;

/** Checked input of a tool. */
export type ToolInput = Readonly<Record<string, unknown>>;

/**
 * Checks the input of a tool, which a language model has written.
 *
 * @param known names of the properties that the tool has
 * @throws ImageBuilderError `optionInvalid`, naming the property
 */
export function readInput(input: unknown, known: readonly string[]): ToolInput {
  if (!isRecord(input)) throw invalid(vscode.l10n.t("The input of a tool must be an object."));
  const unknown = Object.keys(input).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw invalid(
      vscode.l10n.t('There is no property "{0}". Use one of: {1}.', unknown.slice(0, 100), known.join(", ")),
    );
  return input;
}

/** Returns a text of the input; undefined if there is none. @throws ImageBuilderError `optionInvalid` */
export function textOf(input: ToolInput, key: string): string | undefined {
  const value = input[key];
  if (value === undefined || (typeof value === "string" && value.trim() !== "")) return value;
  throw invalid(vscode.l10n.t('The property "{0}" must be a text.', key));
}

/**
 * Returns the path of a file or folder of the workspace.
 *
 * @param path absolute, or relative to the first workspace folder, which is the default
 * @throws ImageBuilderError `optionInvalid` for a path outside the workspace: a language model may read no other files
 */
export function workspacePath(path = ""): string {
  const folders = folderPaths();
  const [first] = folders;
  if (first === undefined) throw invalid(vscode.l10n.t("No folder is open, so there is nothing to build or check."));
  if (path.length > longestPath || path.includes("\0"))
    throw invalid(vscode.l10n.t('"{0}" is not a path.', path.slice(0, 100)));
  refuseForeignPaths(path);
  const whole = resolve(first, path);
  const isWithin = (path: string): boolean =>
    folders.some((folder) => [folder, realPath(folder)].some((each) => pathWithin(each, path) !== undefined));
  if (isWithin(whole) && isWithin(realPath(whole))) return whole;
  throw invalid(vscode.l10n.t('"{0}" is outside the workspace. Specify a path in it.', path));
}

/** Follows links, which may lead out of the workspace, also those above a file that doesn't exist. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

/** Throws `workspaceUntrusted` in an untrusted workspace. */
export function refuseUntrustedTool(): void {
  if (vscode.workspace.isTrusted) return;
  throw new ImageBuilderError(
    "workspaceUntrusted",
    vscode.l10n.t("The tools of Image Builders require a trusted workspace. The user must trust it first."),
  );
}

function invalid(message: string): ImageBuilderError {
  return new ImageBuilderError("optionInvalid", message);
}
