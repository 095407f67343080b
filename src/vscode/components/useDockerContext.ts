import * as vscode from "vscode";
import { chooseDockerContext, engineSettings } from "../platform/settings";
import { back } from "../ui/back";
import { showWarningMessage } from "../ui/messages";
import { pick, type Choice } from "../ui/quickInput";

/** Lets a Docker context be picked, whose daemon local builders then use. `docker context use` is left alone. */
export async function useDockerContext(): Promise<void> {
  const { dockerHost = "", dockerContext = "", requestedBy } = engineSettings();
  if (requestedBy) return tellWorkspaceDecides(requestedBy.name);
  const chosen = dockerHost.trim() === "" ? dockerContext.trim() : undefined;
  const choices = await contextChoices();
  const answer = await pick({
    title: vscode.l10n.t("Use Docker Context"),
    canGoBack: false,
    placeholder:
      chosen === undefined
        ? vscode.l10n.t("Select the daemon to build with, instead of {0}", dockerHost.trim())
        : vscode.l10n.t("Select the daemon to build with"),
    choices,
    proposed: Math.max(
      0,
      choices.findIndex(({ value }) => value === chosen),
    ),
  });
  if (answer === undefined || answer === back) return;
  await chooseDockerContext(answer === "" ? undefined : answer);
}

/** Returns the contexts by name, after the choice to do as Docker does, whose value is empty. */
async function contextChoices(): Promise<readonly Choice<string>[]> {
  const [{ listDockerContexts }, { dockerConfigFolder, readDockerConfig }] = await Promise.all([
    import("../../core/transport/dockerContext"),
    import("../../core/credentials/dockerConfigFile"),
  ]);
  const folder = dockerConfigFolder();
  const [contexts, config] = await Promise.all([
    listDockerContexts(folder),
    // A choice is still possible if the file is invalid; using Docker's own choice then fails with the reason.
    readDockerConfig(folder, "dockerContextInvalid").catch(() => undefined),
  ]);
  const { DOCKER_HOST: host, DOCKER_CONTEXT: context } = process.env;
  const current = context || config?.currentContext || "default";
  const ofHost = host?.trim() ? `DOCKER_HOST · ${host.trim()}` : undefined;
  return [
    {
      label: vscode.l10n.t("Same as the Docker CLI"),
      description: ofHost ?? vscode.l10n.t("now the context {0}", current),
      value: "",
    },
    { label: "default", description: ofHost ?? vscode.l10n.t("the default socket of this machine"), value: "default" },
    ...contexts.map(({ name, host: address }) => ({
      label: name,
      description: address ?? vscode.l10n.t("has no valid address"),
      value: name,
    })),
  ];
}

async function tellWorkspaceDecides(setting: string): Promise<void> {
  const open = vscode.l10n.t("Open Settings");
  const message = vscode.l10n.t('The workspace settings choose the daemon with "{0}". Remove it there first.', setting);
  if ((await showWarningMessage(message, open)) !== open) return;
  await vscode.commands.executeCommand("workbench.action.openWorkspaceSettings", { query: setting });
}
