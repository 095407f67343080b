import * as vscode from "vscode";
import { back } from "../ui/back";
import { showInformationMessage } from "../ui/messages";
import { pick } from "../ui/quickInput";
import { formatTimeAgo } from "../ui/timeAgo";
import { fileOfBuild, type BuildFile } from "./buildLogs";
import { isBuildNode } from "./buildNode";
import type { WithBuilds } from "./builds";
import type { Build } from "./history/build";

/** Compares two selected builds, or the selected build with another one, in a diff editor. */
export async function compareBuilds({ builds }: WithBuilds, target?: unknown, selection?: unknown): Promise<void> {
  const selected = (Array.isArray(selection) ? selection : [target]).filter(isBuildNode).map(({ build }) => build);
  const [one, two] = selected.length === 2 ? selected : [isBuildNode(target) ? target.build : selected[0]];
  if (!one) return;
  const other = two ?? (await askOther(await builds.load(), one));
  const what = other && (await askWhat());
  if (!other || !what) return;
  const [before, after] = one.id < other.id ? [one, other] : [other, one];
  await vscode.commands.executeCommand(
    "vscode.diff",
    fileOfBuild(before, what),
    fileOfBuild(after, what),
    vscode.l10n.t("{0} ↔ {1}", titleOf(before), titleOf(after)),
  );
}

/** Lists builds of the same image first. */
async function askOther(builds: readonly Build[], one: Build): Promise<Build | undefined> {
  const others = builds.filter(({ id, state }) => id !== one.id && state.kind !== "running");
  if (others.length === 0) {
    void showInformationMessage(vscode.l10n.t("There is no other build to compare with yet."));
    return undefined;
  }
  const isSame = ({ imageName }: Build): boolean => imageName === one.imageName;
  const chosen = await pick({
    title: vscode.l10n.t("Compare Build"),
    canGoBack: false,
    placeholder: vscode.l10n.t("Select the build to compare {0} with", titleOf(one)),
    choices: [...others.filter(isSame), ...others.filter((build) => !isSame(build))].map((build) => ({
      label: build.imageName,
      description: [formatTimeAgo(build.endedAt ?? build.startedAt), build.repoDigest?.split("@")[1]]
        .filter((text) => text !== undefined)
        .join(" · "),
      value: build,
    })),
  });
  return chosen === back ? undefined : chosen;
}

async function askWhat(): Promise<BuildFile | undefined> {
  const chosen = await pick<BuildFile>({
    title: vscode.l10n.t("Compare Build"),
    canGoBack: false,
    placeholder: vscode.l10n.t("Select what to compare"),
    choices: [
      {
        label: vscode.l10n.t("Results and Options"),
        description: vscode.l10n.t("image, digest, size, duration, build options"),
        value: "facts",
      },
      {
        label: vscode.l10n.t("Logs"),
        description: vscode.l10n.t("without the durations of steps"),
        value: "comparedLog",
      },
    ],
  });
  return chosen === back ? undefined : chosen;
}

function titleOf({ imageName, startedAt }: Build): string {
  return `${imageName.replace(/^.*\//, "")} ${startedAt.toLocaleTimeString()}`;
}
