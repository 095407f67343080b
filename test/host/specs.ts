import * as vscode from "vscode";
import type { BuildOutcome, SpecArguments } from "../../src/api/api";

/** The platform that programs of this machine run on. */
export const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

/** A spec on busybox. */
export function specText(name: string, layers: readonly string[]): string {
  const head = `from:\n  base: busybox:1.35\nclone:\n  name: ${name}\n  platform: ${platform}\nlayers:\n`;
  return head + layers.map((layer) => `  - ${layer}\n`).join("");
}

/** Builds a spec as another extension does. */
export function callSpec(
  command: "buildImageSpec" | "buildAndPushImageSpec",
  args: SpecArguments,
): Promise<BuildOutcome | undefined> {
  return Promise.resolve(vscode.commands.executeCommand<BuildOutcome | undefined>(`imageBuilders.${command}`, args));
}

/** The text of the read-only document that is open for a spec. */
export function previewOf(spec: string): string | undefined {
  return vscode.workspace.textDocuments
    .find(
      ({ uri, isClosed }) =>
        uri.scheme === "image-builders-spec" && !isClosed && uri.query === vscode.Uri.file(spec).toString(),
    )
    ?.getText();
}
