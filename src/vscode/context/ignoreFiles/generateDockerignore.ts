import * as vscode from "vscode";
import type { GeneratedIgnoreFile } from "../../../core/context/propose/generateIgnoreFile";
import { formatFiles } from "../../ui/amounts";
import { effectText } from "../model/effectText";
import type { IgnoreModel } from "../model/ignoreModel";
import { writeIgnoreFile } from "../model/writeIgnoreFile";
import { formatBytes } from "../../../core/text/format";
import { askIgnoreFile } from "../model/askContext";
import { back } from "../../ui/back";
import { pick, type Choice } from "../../ui/quickInput";
import type { WithIgnoreModels } from "../model/ignoreModels";
import type { WithMemory } from "../../platform/memory";
import { offerFolder } from "../../platform/offerFolder";
import { showInformationMessage } from "../../ui/messages";

/**
 * Generates an ignore file from the contents of the folder and the sources in its Dockerfiles, after showing the
 * effect; or extends the existing file.
 */
export async function generateDockerignore(services: WithIgnoreModels & WithMemory, target?: unknown): Promise<void> {
  const title = vscode.l10n.t("Generate .dockerignore");
  const held = await askIgnoreFile(services, title, target);
  if (!held) return void offerFolder(vscode.l10n.t("Open a folder to generate an ignore file."));
  try {
    await generate(title, held.model);
  } finally {
    held.dispose();
  }
}

async function generate(title: string, model: IgnoreModel): Promise<void> {
  const [state, { generateIgnoreFile }] = await Promise.all([
    model.state(),
    import("../../../core/context/propose/generateIgnoreFile"),
  ]);
  const generated = await generateIgnoreFile(state);
  if (generated.length === 0) {
    const message = vscode.l10n.t(
      "{0} needs no additions. An image may need all the files that a build sends.",
      model.file,
    );
    return void showInformationMessage(message);
  }
  const isNew = state.subject.isMissing === true;
  const placeholder = isNew
    ? vscode.l10n.t("Select how to write {0}", model.file)
    : vscode.l10n.t("Select how to change {0}", model.file);
  const chosen = await pick({
    title,
    placeholder,
    canGoBack: false,
    choices: generated.map((each) => choiceOf(each, isNew)),
  });
  if (chosen === undefined || chosen === back) return;
  const now = await model.state();
  // The result only applies to the text and files that it was computed from.
  if (now !== state && !(await generateIgnoreFile(now)).some(({ text }) => text === chosen.text))
    return generate(title, model);
  await writeIgnoreFile(model.uri, await editTo(chosen.text, model.uri, isNew));
}

function choiceOf(value: GeneratedIgnoreFile, isNew: boolean): Choice<GeneratedIgnoreFile> {
  const { kind, lines, sent, effect } = value;
  const unwanted = isNew
    ? vscode.l10n.t("Exclude files that no image needs")
    : vscode.l10n.t("Add rules for files that no image needs");
  const allowList = isNew
    ? vscode.l10n.t("Include only files that the Dockerfile copies")
    : vscode.l10n.t("Include only files that the Dockerfile copies, above the existing rules");
  return {
    label: kind === "allowList" ? allowList : unwanted,
    description: vscode.l10n.t("sends {0}, {1}", formatFiles(sent.files), formatBytes(sent.bytes)),
    detail: [effectText(effect), lines.join("  ")].filter(Boolean).join(" — "),
    iconPath: new vscode.ThemeIcon(kind === "allowList" ? "checklist" : "exclude"),
    value,
  };
}

async function editTo(text: string, uri: vscode.Uri, isNew: boolean): Promise<vscode.WorkspaceEdit> {
  const edit = new vscode.WorkspaceEdit();
  if (isNew) {
    edit.createFile(uri, { contents: Buffer.from(text) });
    return edit;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  edit.replace(uri, document.validateRange(new vscode.Range(0, 0, document.lineCount, 0)), text);
  return edit;
}
