import * as vscode from "vscode";
import type { DockerfileProposal } from "../../core/image/propose/dockerfiles/proposeDockerfiles";
import { offerFolder } from "../platform/offerFolder";
import { confinement } from "../platform/restricted";
import { back } from "../ui/back";
import { pick, type Choice } from "../ui/quickInput";
import { folderFor } from "./folderFor";
import { createText } from "./specs/createText";

/** Creates a Dockerfile that suits a folder, and an ignore file if it has none, and opens the Dockerfile. */
export async function createDockerfile(_services: object, target?: unknown): Promise<vscode.Uri | undefined> {
  const title = vscode.l10n.t("Create Dockerfile");
  const folder = await folderFor(target, title);
  if (folder === undefined) return void offerFolder(vscode.l10n.t("Open a folder to create a Dockerfile."));
  const { proposeDockerfiles } = await import("../../core/image/propose/dockerfiles/proposeDockerfiles");
  const chosen = await pick({
    title,
    canGoBack: false,
    placeholder: vscode.l10n.t("Select a starting point"),
    choices: (await proposeDockerfiles(folder, confinement())).map(choiceOf),
  });
  if (chosen === undefined || chosen === back) return undefined;
  const at = (name: string): vscode.Uri => vscode.Uri.joinPath(vscode.Uri.file(folder), name);
  const { text, ignoreText } = chosen;
  return createText([
    { uri: at("Dockerfile"), text },
    ...(ignoreText === undefined ? [] : [{ uri: at(".dockerignore"), text: ignoreText }]),
  ]);
}

function choiceOf(value: DockerfileProposal): Choice<DockerfileProposal> {
  return {
    label: labelOf(value.kind),
    description: value.source ?? "",
    detail:
      value.ignoreText === undefined
        ? vscode.l10n.t("writes {0}", "Dockerfile")
        : vscode.l10n.t("writes {0}", "Dockerfile, .dockerignore"),
    iconPath: new vscode.ThemeIcon("file-code"),
    value,
  };
}

function labelOf(kind: DockerfileProposal["kind"]): string {
  switch (kind) {
    case "uv":
      return vscode.l10n.t("Python project, installed with uv");
    case "poetry":
      return vscode.l10n.t("Python project, installed with Poetry");
    case "pip":
      return vscode.l10n.t("Python with requirements");
    case "pyproject":
      return vscode.l10n.t("Python project, installed with pip");
    case "node":
      return vscode.l10n.t("Node.js project");
    case "go":
      return vscode.l10n.t("Go module");
    case "rust":
      return vscode.l10n.t("Rust crate");
    case "maven":
      return vscode.l10n.t("Java project, built with Maven");
    case "gradle":
      return vscode.l10n.t("Java project, built with Gradle");
    case "dotnet":
      return vscode.l10n.t(".NET project");
    case "staticSite":
      return vscode.l10n.t("Static site, served by nginx");
    case "any":
      return vscode.l10n.t("Debian and the folder's files");
  }
}
