import { basename, dirname, relative } from "node:path";
import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/errors";
import type { Services } from "../services";
import { titleOf, type BuildStep, type Draft } from "./askBuild";
import { back } from "./back";
import { findDockerfiles } from "./findDockerfiles";
import { pick } from "./quickInput";

/** Which Dockerfile, where the folder has several; the one built last comes first. */
export const askDockerfile = ({ builds, memory }: Services): BuildStep => async (draft, place) => {
  const { folder = "" } = draft;
  const remembered = memory.recall(folder);
  // Whatever was chosen for the folder last time is the proposal of all later questions.
  const known: Draft = { ...draft, options: draft.options ?? remembered.options };
  if (draft.dockerfile !== undefined) {
    builds.refuseSecond({ folder, dockerfile: draft.dockerfile });
    return { draft: known, asked: false };
  }

  const found = await findDockerfiles(folder);
  if (found.length === 0) {
    const message = vscode.l10n.t('There is no Dockerfile in "{0}": add one, or right-click the one to build.', folder);
    throw new ImageBuilderError("dockerfileMissing", message);
  }
  const sorted = [...found].sort((a, b) => Number(b === remembered.dockerfile) - Number(a === remembered.dockerfile));
  const choices = sorted.map((path) => ({
    label: basename(path),
    description: [relative(folder, dirname(path)), path === remembered.dockerfile && vscode.l10n.t("built last")].filter(Boolean).join(" · "),
    iconPath: new vscode.ThemeIcon("file-code"),
    value: path,
  }));
  const dockerfile = found.length === 1 ? found[0] : await pick({ ...place, title: titleOf(draft), placeholder: vscode.l10n.t("The Dockerfile to build"), choices });
  if (dockerfile === undefined || dockerfile === back) return dockerfile;
  builds.refuseSecond({ folder, dockerfile });
  return { draft: { ...known, dockerfile }, asked: found.length > 1 };
};
