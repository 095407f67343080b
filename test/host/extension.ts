import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { BuildArguments, BuildOutcome, ImageBuildersApi } from "../../src/api/api";

/** The extension under test. */
export function extension(): vscode.Extension<ImageBuildersApi> {
  const found = vscode.extensions.getExtension<ImageBuildersApi>("image-builders.image-builders");
  assert.ok(found, "the extension is not installed");
  return found;
}

/** Runs one of our commands as another extension does. */
export async function call(
  command: "buildImage" | "buildAndPushImage",
  args: BuildArguments,
): Promise<BuildOutcome | undefined> {
  return vscode.commands.executeCommand<BuildOutcome | undefined>(`imageBuilders.${command}`, args);
}

/** Sets a setting of ours for the user. */
export async function set(key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration("imageBuilders").update(key, value, vscode.ConfigurationTarget.Global);
}

/** Our diagnostics of a file: findings, and marks of builds. */
export function problemsOn(file: string): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(vscode.Uri.file(file)).filter(({ source }) => source === "Image Builders");
}

/** Our marks of failed builds on a file; findings have a page to read more on. */
export function marksOn(file: string): vscode.Diagnostic[] {
  return problemsOn(file).filter(({ code }) => typeof code !== "object");
}
