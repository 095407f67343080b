import { basename, dirname, relative } from "node:path";
import * as vscode from "vscode";
import type { WithBuilds } from "./builds";
import type { WithMemory } from "../platform/memory";
import { titleOf, type BuildStep, type Draft } from "./buildDraft";
import { back, type Answer } from "../ui/back";
import { findDockerfiles } from "../context/model/findDockerfiles";
import type { StepPlace } from "../ui/flow";
import { pick } from "../ui/quickInput";

/**
 * Asks for the Dockerfile if there are several; the one in the active editor is listed first, then the last built one.
 * If there is none, offers to create one, and ends the prompts.
 */
export const askDockerfile =
  (services: WithBuilds & WithMemory): BuildStep =>
  async (draft, place) => {
    if (draft.dockerfile !== undefined) return { draft: withMemory(services, draft, draft.dockerfile), asked: false };
    const within = draft.folder ?? draft.within ?? "";
    const found = await findDockerfiles(within);
    if (found.length === 0) return offerToCreate(draft, within, place);
    const last = services.memory.recall(within).dockerfile ?? services.memory.last()?.dockerfile;
    const dockerfile =
      found.length === 1
        ? found[0]
        : await pick({ ...place, title: titleOf(draft), ...choicesOf(found, within, last) });
    if (dockerfile === undefined || dockerfile === back) return dockerfile;
    return { draft: withMemory(services, draft, dockerfile), asked: found.length > 1 };
  };

/** A new Dockerfile is opened and not built: a person reads it first. */
async function offerToCreate(draft: Draft, within: string, place: StepPlace): Promise<Answer<never>> {
  const chosen = await pick({
    ...place,
    title: titleOf(draft),
    placeholder: vscode.l10n.t('No Dockerfile found in "{0}"', within),
    choices: [
      {
        label: vscode.l10n.t("Create Dockerfile..."),
        detail: vscode.l10n.t("Proposes one that fits the files in the folder"),
        iconPath: new vscode.ThemeIcon("file-code"),
        value: "createDockerfile",
      },
      {
        label: vscode.l10n.t("New Image Spec..."),
        detail: vscode.l10n.t("Describes the image without a Dockerfile: base image, packages, files, and commands"),
        iconPath: new vscode.ThemeIcon("package"),
        value: "newImageSpec",
      },
    ],
  });
  if (chosen === back) return back;
  if (chosen !== undefined) void vscode.commands.executeCommand(`imageBuilders.${chosen}`, vscode.Uri.file(within));
  return undefined;
}

function choicesOf(found: readonly string[], within: string, last: string | undefined) {
  const open = vscode.window.activeTextEditor?.document.uri.fsPath;
  const rank = (path: string): number => (path === open ? 2 : Number(path === last));
  const sorted = [...found].sort((a, b) => rank(b) - rank(a));
  return {
    placeholder: vscode.l10n.t("Select a Dockerfile to build"),
    choices: sorted.map((path) => ({
      label: basename(path),
      description: [
        relative(within, dirname(path)),
        path === open && vscode.l10n.t("in the active editor"),
        path === last && vscode.l10n.t("last built"),
      ]
        .filter(Boolean)
        .join(" · "),
      iconPath: new vscode.ThemeIcon("file-code"),
      value: path,
    })),
  };
}

/**
 * Completes a draft with remembered values. The build context is the selected folder, otherwise the one last used with
 * this Dockerfile, otherwise the Dockerfile's own folder; the last options are proposed. Throws `buildRunning` if the
 * Dockerfile is being built.
 */
function withMemory({ builds, memory }: WithBuilds & WithMemory, draft: Draft, dockerfile: string): Draft {
  const folder = draft.folder ?? memory.recallContext(dockerfile) ?? dirname(dockerfile);
  builds.refuseSecond({ folder, dockerfile });
  return { ...draft, folder, dockerfile, options: draft.options ?? memory.recall(folder).options };
}
