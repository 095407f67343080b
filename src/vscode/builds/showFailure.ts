import * as vscode from "vscode";
import { ImageBuilderError, messageOf, type ErrorCode } from "../../core/base/errors";
import { ownsImageName } from "../../core/base/imageReference";
import { refusedImageIn } from "../../core/base/imageRefusal";
import { mayNeedLogin } from "../../core/distribution/nextStep";
import { componentSettings } from "../settings/componentSettings";
import { openLocation } from "./buildDiagnostics";
import { isDockerfile, isIgnoreFile, isSpecFile } from "../platform/fileKinds";
import type { WithOutput } from "./buildOutput";
import type { WithBuilds } from "./builds";
import type { WithLog } from "../platform/host";
import { showErrorMessage } from "../ui/messages";

/** Tells a failure, with what helps as buttons; for a command that a person has called. Who has cancelled it knows. */
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
  const build = services.builds.list.find(({ state }) => state.kind === "failed" && state.error === error);
  const isBuild = build !== undefined;
  const showLog: Button = {
    title: vscode.l10n.t("Show Log"),
    act: () => (isBuild ? services.output.show() : services.log.show(true)),
  };
  const remedies = ImageBuilderError.is(error)
    ? [...remediesFor(error, isBuild), ...loginButtons(error, build?.answers.registry)]
    : [];
  return [...remedies, showLog];
}

/**
 * Where a registry refused an image, and another login may help: sets it at once, for a registry of the settings in the
 * way in which it gets its login, else by adding the registry.
 */
function loginButtons(error: ImageBuilderError, registryName: string | undefined): Button[] {
  const imageName = refusedImageIn(error);
  if (imageName === undefined || !mayNeedLogin(error)) return [];
  const { components } = componentSettings("container_registry");
  const component =
    components.find(({ name, configuration }) => name === registryName && owns(configuration["uri"], imageName)) ??
    components.find(({ configuration }) => owns(configuration["uri"], imageName));
  if (!component)
    return [
      {
        title: vscode.l10n.t("Add Registry..."),
        act: () => vscode.commands.executeCommand("imageBuilders.addRegistry"),
      },
    ];
  const target = { kind: "component", component };
  return [
    {
      title: vscode.l10n.t("Set Password..."),
      act: () => vscode.commands.executeCommand("imageBuilders.setRegistryPassword", target),
    },
    {
      title: vscode.l10n.t("Check Credentials"),
      act: () => vscode.commands.executeCommand("imageBuilders.checkCredentials", target),
    },
  ];
}

/** An address that can't be read, such as a template, is nobody's. */
function owns(uri: unknown, imageName: string): boolean {
  try {
    return typeof uri === "string" && ownsImageName(uri, imageName);
  } catch (error) {
    if (ImageBuilderError.is(error)) return false;
    throw error;
  }
}

/** Failures whose remedy is in the settings. */
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
  // Who has said no, or has closed the question, is asked again.
  if (code === "sourceNotConfirmed" && isBuild)
    buttons.push({
      title: vscode.l10n.t("Rebuild"),
      act: () => vscode.commands.executeCommand("imageBuilders.rebuildImage"),
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
