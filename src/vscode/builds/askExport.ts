import { resolve } from "node:path";
import * as vscode from "vscode";
import type { BuildOutput } from "../../core/base/buildOptions";
import { back, type Answer } from "../ui/back";
import { pick, type, type Choice } from "../ui/quickInput";

type Type = BuildOutput["type"];

/**
 * Asks where to export the result of a build.
 *
 * @param folder absolute path of the build context, the base of relative paths
 * @returns null to keep the result as an image in the daemon
 */
export async function askExport(
  title: string,
  folder: string,
  before: BuildOutput | undefined,
): Promise<Answer<BuildOutput | null>> {
  for (;;) {
    const kind = await pick({
      title,
      canGoBack: true,
      placeholder: vscode.l10n.t("Select an export format"),
      choices: kinds(),
    });
    if (kind === undefined || kind === back || kind === null) return kind;
    const typed = await type({
      title,
      canGoBack: true,
      prompt:
        kind === "local"
          ? vscode.l10n.t("Enter the path of the folder; other files in it are kept")
          : vscode.l10n.t("Enter the path of the file; an existing file is replaced"),
      value: before?.type === kind ? before.dest : undefined,
      placeholder: kind === "local" ? "../out" : "../image.tar",
      check: (text) =>
        text === ""
          ? { error: vscode.l10n.t("Enter a path, absolute or relative to the build context.") }
          : { note: resolve(folder, text) },
    });
    if (typed === undefined) return undefined;
    if (typed !== back) return { type: kind, dest: resolve(folder, typed.text) };
  }
}

/** Describes an export in a few words. */
export function describeExport({ type: kind, dest }: BuildOutput): string {
  return kind === "local" ? vscode.l10n.t("folder {0}", dest) : vscode.l10n.t("{0} archive {1}", kind, dest);
}

function kinds(): Choice<Type | null>[] {
  return [
    { label: vscode.l10n.t("Image in the Docker Daemon"), iconPath: new vscode.ThemeIcon("package"), value: null },
    {
      label: vscode.l10n.t("Folder..."),
      description: vscode.l10n.t("files of the last stage"),
      iconPath: new vscode.ThemeIcon("folder"),
      value: "local",
    },
    {
      label: vscode.l10n.t("Tar Archive of the Files..."),
      description: vscode.l10n.t("files of the last stage"),
      iconPath: new vscode.ThemeIcon("archive"),
      value: "tar",
    },
    {
      label: vscode.l10n.t("Docker Archive..."),
      description: vscode.l10n.t("image for docker load"),
      iconPath: new vscode.ThemeIcon("archive"),
      value: "docker",
    },
    {
      label: vscode.l10n.t("OCI Archive..."),
      description: vscode.l10n.t("image for other tools"),
      iconPath: new vscode.ThemeIcon("archive"),
      value: "oci",
    },
  ];
}
