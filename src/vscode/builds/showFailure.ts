import * as vscode from "vscode";
import { ImageBuilderError, messageOf, type ErrorCode } from "../../core/base/errors";
import { openLocation } from "./buildDiagnostics";
import { isDockerfile, isIgnoreFile, isSpecFile } from "../platform/fileKinds";
import type { WithOutput } from "./buildOutput";
import type { WithBuilds } from "./builds";
import type { WithLog } from "../platform/host";
import { showErrorMessage } from "../ui/messages";

/** Shows an error, with buttons for possible remedies, to a person who ran a command. A cancellation is silent. */
export async function showFailure(services: WithBuilds & WithLog & WithOutput, error: unknown): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  const buttons = buttonsFor(services, error);
  const chosen = await showErrorMessage(messageOf(error), ...buttons);
  await chosen?.act();
}

interface Button extends vscode.MessageItem {
  readonly act: () => unknown;
}

function buttonsFor(services: WithBuilds & WithLog & WithOutput, error: unknown): Button[] {
  const isBuild = services.builds.list.some(({ state }) => state.kind === "failed" && state.error === error);
  const showLog: Button = {
    title: vscode.l10n.t("Show Log"),
    act: () => (isBuild ? services.output.show() : services.log.show(true)),
  };
  return [...(ImageBuilderError.is(error) ? remediesFor(error, isBuild) : []), showLog];
}

/** Errors that are fixed in the settings. */
const inSettings: readonly ErrorCode[] = [
  "configurationInvalid",
  "connectorInvalid",
  "connectorUnknown",
  "dockerContextInvalid",
  "flavorUnknown",
];

function remediesFor(error: ImageBuilderError, isBuild: boolean): Button[] {
  const buttons: Button[] = [];
  const { location, code } = error;
  if (location) buttons.push({ title: openWords(vscode.Uri.file(location.file)), act: () => openLocation(location) });
  if (code === "workspaceUntrusted")
    return [
      {
        title: vscode.l10n.t("Manage Workspace Trust"),
        act: () => vscode.commands.executeCommand("workbench.trust.manage"),
      },
    ];
  // The person may have declined or closed the prompt; a rebuild asks again.
  if (code === "sourceNotConfirmed" && isBuild)
    buttons.push({
      title: vscode.l10n.t("Rebuild"),
      act: () => vscode.commands.executeCommand("imageBuilders.rebuild"),
    });
  if (code === "sourceNotConfirmed")
    buttons.push({
      title: vscode.l10n.t("Manage Trusted Sources..."),
      act: () => vscode.commands.executeCommand("imageBuilders.manageTrustedSources"),
    });
  if (code === "secretUnavailable")
    buttons.push({
      title: vscode.l10n.t("New Secret..."),
      act: () => vscode.commands.executeCommand("imageBuilders.newSecret"),
    });
  if (code === "registryMissing")
    buttons.push({
      title: vscode.l10n.t("Add Registry..."),
      act: () => vscode.commands.executeCommand("imageBuilders.addRegistry"),
    });
  if (inSettings.includes(code))
    buttons.push({
      title: vscode.l10n.t("Open Settings"),
      act: () => vscode.commands.executeCommand("workbench.action.openSettings", "imageBuilders"),
    });
  return buttons;
}

function openWords(file: vscode.Uri): string {
  if (isIgnoreFile(file)) return vscode.l10n.t("Open Ignore File");
  if (isSpecFile(file)) return vscode.l10n.t("Open Image Spec");
  return isDockerfile(file) ? vscode.l10n.t("Open Dockerfile") : vscode.l10n.t("Open File");
}
