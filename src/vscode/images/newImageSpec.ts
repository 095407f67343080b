import * as vscode from "vscode";
import type { ProposalKind, SpecProposal } from "../../core/image/propose/proposeSpecs";
import { createText } from "./specs/createText";
import { selectedPython } from "./specs/selectedPython";
import { specRegistryAddress } from "./specs/specRegistry";
import { folderFor } from "./folderFor";
import { back } from "../ui/back";
import { pick, type Choice } from "../ui/quickInput";
import { confinement } from "../platform/restricted";
import type { WithLog } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import { offerFolder } from "../platform/offerFolder";

/** Creates an image spec that suits a folder, and opens it. */
export async function newImageSpec(services: WithMemory & WithLog, target?: unknown): Promise<vscode.Uri | undefined> {
  const folder = await folderFor(target, vscode.l10n.t("New Image Spec"));
  if (folder === undefined) return void offerFolder(vscode.l10n.t("Open a folder to create an image spec."));
  const [{ proposeSpecs }, interpreter, registry] = await Promise.all([
    import("../../core/image/propose/proposeSpecs"),
    selectedPython(services, vscode.Uri.file(folder)),
    specRegistryAddress(services.memory, folder),
  ]);
  const proposals = await proposeSpecs(folder, registry, confinement(), interpreter);
  const chosen = await pick({
    title: vscode.l10n.t("New Image Spec"),
    canGoBack: false,
    placeholder: vscode.l10n.t("Select a starting point"),
    choices: proposals.map(choiceOf),
  });
  if (chosen === undefined || chosen === back) return undefined;
  return createText([{ uri: vscode.Uri.joinPath(vscode.Uri.file(folder), chosen.fileName), text: chosen.text }]);
}

function choiceOf(value: SpecProposal): Choice<SpecProposal> {
  return {
    label: labelOf(value.kind),
    description: value.source ?? "",
    detail: vscode.l10n.t("writes {0}", value.fileName),
    iconPath: new vscode.ThemeIcon("package"),
    value,
  };
}

function labelOf(kind: ProposalKind): string {
  switch (kind) {
    case "uvProject":
      return vscode.l10n.t("Python project, installed with uv");
    case "poetryProject":
      return vscode.l10n.t("Python project, installed with Poetry");
    case "requirements":
      return vscode.l10n.t("Python with requirements");
    case "uvScript":
      return vscode.l10n.t("Python script with its dependencies");
    case "node":
      return vscode.l10n.t("Node.js project");
    case "dockerfile":
      return vscode.l10n.t("Image built from the Dockerfile");
    case "empty":
      return vscode.l10n.t("Debian and the folder's files");
  }
}
