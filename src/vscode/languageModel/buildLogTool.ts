import * as vscode from "vscode";
import { ImageBuilderError, messageOf } from "../../core/base/errors";
import type { Build } from "../builds/history/build";
import { toolProgress } from "../ui/toolResult";
import { endOfLog } from "./buildLogs";
import type { Tool } from "./tool";
import { textOf } from "./toolInput";

const mostLines = 200;

/** Returns the log of the last build, or of the last one that failed. */
export const buildLogTool: Tool = {
  properties: ["imageName", "failed"],

  prepare: () => toolProgress(vscode.l10n.t("Reading the build log")),

  async run({ builds }, input) {
    const imageName = textOf(input, "imageName");
    const { failed = false } = input;
    if (typeof failed !== "boolean")
      throw new ImageBuilderError(
        "optionInvalid",
        vscode.l10n.t('The property "{0}" must be true or false.', "failed"),
      );
    const build = (await builds.load()).find(
      ({ imageNames, state }) =>
        (!failed || state.kind === "failed") &&
        (imageName === undefined || imageNames.some((name) => name.includes(imageName))),
    );
    if (!build) return vscode.l10n.t("There is no such build in this workspace.");
    return [...factsOf(build), "", await endOfLog(build, mostLines)].join("\n");
  },
};

function factsOf({ imageNames, state, startedAt, repoDigest }: Build): string[] {
  return [
    vscode.l10n.t("Image: {0}", imageNames.join(", ")),
    vscode.l10n.t("State: {0}", state.kind),
    vscode.l10n.t("Started: {0}", startedAt.toISOString()),
    ...(state.kind === "failed" ? [vscode.l10n.t("Failure: {0}", messageOf(state.error))] : []),
    ...(repoDigest === undefined ? [] : [vscode.l10n.t("Pushed: {0}", repoDigest)]),
  ];
}
