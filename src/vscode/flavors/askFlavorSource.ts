import { existsSync } from "node:fs";
import { resolve } from "node:path";
import * as vscode from "vscode";
import type { ComponentType } from "../../core/base/component";
import { contactedHost } from "../../core/base/contactedHost";
import { pathWithin } from "../../core/base/pathWithin";
import type { FlavorSource } from "../../core/flavors/flavorSource";
import { showOpenDialog } from "../ui/fileDialog";
import { back } from "../ui/back";
import { ask, type Step } from "../ui/flow";
import { pick, type } from "../ui/quickInput";

interface Draft {
  readonly type?: ComponentType;
  readonly root?: string;
  readonly source?: string;
}

/** Asks for a flavor's type and its module. Returns undefined if a prompt was dismissed. */
export async function askFlavorSource(): Promise<Pick<FlavorSource, "type" | "source" | "root"> | undefined> {
  const draft = await ask<Draft>({}, [askType, askRoot, askSource]);
  return draft?.type && draft.source !== undefined
    ? { type: draft.type, source: draft.source, root: draft.root }
    : undefined;
}

const title = (): string => vscode.l10n.t("Add Flavor from Source");

const askType: Step<Draft> = async (draft, place) => {
  const choices = [
    { label: vscode.l10n.t("Image builder"), iconPath: new vscode.ThemeIcon("tools"), value: "image_builder" as const },
    {
      label: vscode.l10n.t("Container registry"),
      iconPath: new vscode.ThemeIcon("cloud"),
      value: "container_registry" as const,
    },
  ];
  const type = await pick({
    ...place,
    title: title(),
    placeholder: vscode.l10n.t("Select the type of flavor"),
    choices,
  });
  return type === undefined || type === back ? type : { draft: { ...draft, type }, asked: true };
};

const askRoot: Step<Draft> = async (draft, place) => {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length < 2) return { draft: { ...draft, root: folders[0]?.uri.fsPath }, asked: false };
  const choices = folders.map(({ name, uri }) => ({
    label: name,
    description: uri.fsPath,
    iconPath: new vscode.ThemeIcon("root-folder"),
    value: uri.fsPath,
  }));
  const root = await pick({
    ...place,
    title: title(),
    placeholder: vscode.l10n.t("Select the folder that contains the module"),
    choices,
  });
  return root === undefined || root === back ? root : { draft: { ...draft, root }, asked: true };
};

const askSource: Step<Draft> = async (draft, place) => {
  const { root = "." } = draft;
  const browse = { iconPath: new vscode.ThemeIcon("folder-opened"), tooltip: vscode.l10n.t("Choose File...") };
  let value = draft.source;
  for (;;) {
    const answer = await type({
      ...place,
      title: title(),
      value,
      placeholder: "./flavors/mine.mjs, ./flavors/mine.mjs#named",
      prompt: vscode.l10n.t(
        "Enter the path of a JavaScript module, followed by # and the export name if it isn't the default export",
      ),
      more: browse,
      check: (text) => checkSource(text, root),
    });
    if (answer === undefined || answer === back) return answer;
    if (!answer.more) return { draft: { ...draft, source: answer.text }, asked: true };
    const [file] =
      (await showOpenDialog({
        title: title(),
        defaultUri: vscode.Uri.file(root),
        filters: { JavaScript: ["mjs", "js", "cjs"] },
      })) ?? [];
    if (file) value = sourceOf(file.fsPath, root);
  }
};

function checkSource(text: string, root: string): { readonly error: string } | { readonly note: string } | undefined {
  const path = text.split("#")[0] ?? "";
  if (path === "") return { error: vscode.l10n.t("Enter the path of the module.") };
  if (contactedHost(path, root) !== undefined)
    return { error: vscode.l10n.t("The module is on another computer. Copy it to this computer.") };
  const file = resolve(root, path);
  return existsSync(file) ? undefined : { note: vscode.l10n.t("Can't find the file {0}.", file) };
}

/**
 * Returns a path relative to the folder for a file below it, so that the source is valid on other machines; otherwise
 * the absolute path.
 */
function sourceOf(file: string, root: string): string {
  const path = pathWithin(root, file);
  return path === undefined ? file : `./${path}`;
}
