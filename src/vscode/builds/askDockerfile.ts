import { basename, dirname, relative } from "node:path";
import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import type { WithBuilds } from "./builds";
import type { WithMemory } from "../platform/memory";
import { titleOf, type BuildStep, type Draft } from "./buildDraft";
import { back } from "../ui/back";
import { findDockerfiles } from "../context/model/findDockerfiles";
import { pick } from "../ui/quickInput";

/**
 * Asks for the Dockerfile if there are several; the last built one is listed first. Throws `dockerfileMissing` if there
 * is none.
 */
export const askDockerfile =
  (services: WithBuilds & WithMemory): BuildStep =>
  async (draft, place) => {
    if (draft.dockerfile !== undefined) return { draft: withMemory(services, draft, draft.dockerfile), asked: false };
    const within = draft.folder ?? draft.within ?? "";
    const found = await findDockerfiles(within);
    if (found.length === 0) {
      throw new ImageBuilderError(
        "dockerfileMissing",
        vscode.l10n.t('No Dockerfile found in "{0}". Add one, or right-click the Dockerfile to build.', within),
      );
    }
    const last = services.memory.recall(within).dockerfile ?? services.memory.last()?.dockerfile;
    const dockerfile =
      found.length === 1
        ? found[0]
        : await pick({ ...place, title: titleOf(draft), ...choicesOf(found, within, last) });
    if (dockerfile === undefined || dockerfile === back) return dockerfile;
    return { draft: withMemory(services, draft, dockerfile), asked: found.length > 1 };
  };

function choicesOf(found: readonly string[], within: string, last: string | undefined) {
  const sorted = [...found].sort((a, b) => Number(b === last) - Number(a === last));
  return {
    placeholder: vscode.l10n.t("Select a Dockerfile to build"),
    choices: sorted.map((path) => ({
      label: basename(path),
      description: [relative(within, dirname(path)), path === last && vscode.l10n.t("last built")]
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
